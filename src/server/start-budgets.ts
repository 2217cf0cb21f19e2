import type { Budgets } from "../budget/budgets.ts";
import type { SharedBudgets } from "../budget/shared/create-shared-budgets.ts";
import type { Config } from "../config/config.ts";
import { listCaps } from "../config/list-caps.ts";
import { isSharedRecord } from "../config/record-place.ts";
import type { Logger } from "../logging/logger.ts";
import type { RecordReader } from "../record/record-reader.ts";

/** The caps that are in force, once any are. */
export interface BudgetKeeper {
  /** Null as long as no configuration has brought a cap. */
  readonly budgets: Budgets | null;
  /** Brings the caps of a configuration into force. */
  configure(config: Config): Promise<void>;
  /** Ends what is done beside the requests. */
  close(): Promise<void>;
}

export interface BudgetKeeperOptions {
  readonly logger: Pick<Logger, "warn">;
  /** Reads what was spent before; null if there is no record. */
  readonly openReader: (() => Pick<RecordReader, "spent">) | null;
  /** The id of this instance among those that share a record. */
  readonly instanceId: string;
}

/** Keeps the caps of the configurations of a server. Without one nothing of it is loaded. */
export function createBudgetKeeper(options: BudgetKeeperOptions): BudgetKeeper {
  let budgets: Budgets | null = null;
  let shared: SharedBudgets | null = null;
  return {
    get budgets() {
      return budgets;
    },
    async configure(config) {
      if (budgets !== null) return budgets.configure(config);
      if (listCaps(config).length === 0) return;
      shared = await loadShared(config, options);
      budgets = shared ?? (await loadOwn(config, options));
    },
    async close() {
      await shared?.close();
    },
  };
}

/** Null without a shared record. */
async function loadShared(
  config: Config,
  { logger, openReader, instanceId }: BudgetKeeperOptions,
): Promise<SharedBudgets | null> {
  const { record } = config;
  if (!isSharedRecord(record) || openReader === null) return null;
  const { createSharedBudgets } = await import("../budget/shared/create-shared-budgets.ts");
  return createSharedBudgets(config, {
    url: record,
    instance: instanceId,
    findSpent: async (query) => await openReader().spent(query),
    warn: (event, fields) => logger.warn(event, fields),
  });
}

async function loadOwn(config: Config, { logger, openReader }: BudgetKeeperOptions): Promise<Budgets> {
  const { createBudgets } = await import("../budget/create-budgets.ts");
  return createBudgets(config, {
    findSpent: openReader === null ? null : async (query) => await openReader().spent(query),
    warn: (event, fields) => logger.warn(event, fields),
    nowMs: Date.now,
  });
}
