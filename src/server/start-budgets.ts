import type { Budgets } from "../budget/budgets.ts";
import type { Config } from "../config/config.ts";
import { listCaps } from "../config/list-caps.ts";
import type { Logger } from "../logging/logger.ts";
import type { RecordReader } from "../record/record-reader.ts";

/** The caps that are in force, once any are. */
export interface BudgetKeeper {
  /** Null as long as no configuration has brought a cap. */
  readonly budgets: Budgets | null;
  /** Brings the caps of a configuration into force. */
  configure(config: Config): Promise<void>;
}

/**
 * Keeps the caps of the configurations of a server. Without one nothing of it is loaded.
 * @param openReader reads what was spent before; null if there is no record
 */
export function createBudgetKeeper(
  logger: Pick<Logger, "warn">,
  openReader: (() => Pick<RecordReader, "spent">) | null,
): BudgetKeeper {
  let budgets: Budgets | null = null;
  return {
    get budgets() {
      return budgets;
    },
    async configure(config) {
      if (budgets !== null) return budgets.configure(config);
      if (listCaps(config).length === 0) return;
      const { createBudgets } = await import("../budget/create-budgets.ts");
      budgets = createBudgets(config, {
        findSpent: openReader === null ? null : async (query) => await openReader().spent(query),
        warn: (event, fields) => logger.warn(event, fields),
        nowMs: Date.now,
      });
    },
  };
}
