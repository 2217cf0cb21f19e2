import type { Config } from "../config/config.ts";
import { createTemporaryFolder } from "../files/temporary-folder.ts";
import type { Logger } from "../logging/logger.ts";
import { createRelayHost } from "../relay/create-relay.ts";
import { createTurns } from "../turns/turns.ts";
import { createAsker } from "./create-asker.ts";
import type { TargetFacts } from "./read-facts.ts";
import { type ChecksReport, type RunChecksOptions, runChecks } from "./run-checks.ts";
import { type ConformanceTarget, configOfTarget } from "./target.ts";

export interface TryTargetOptions extends Pick<RunChecksOptions, "onResult"> {
  readonly config: Config;
  readonly logger: Logger;
  readonly version: string;
  readonly newId: (prefix: string) => string;
  readonly redact: (text: string) => string;
  readonly facts: TargetFacts;
  /** How long one answer may take as a whole. */
  readonly limitMs: number;
}

/**
 * Sends the requests of all checks to the target, through the relay that carries real ones. What the relay learns of the
 * upstream is forgotten at the end, and nothing that was learned before is known: the same upstream gives the same
 * result every time.
 */
export async function tryTarget(
  target: ConformanceTarget,
  { facts, onResult, limitMs, redact, ...options }: TryTargetOptions,
): Promise<ChecksReport> {
  using folder = createTemporaryFolder("claude-proxy-doctor-");
  const config = configOfTarget(options.config, target, { facts: facts.model, folder: folder.path });
  const host = createRelayHost({
    ...options,
    config,
    takeTurn: createTurns(),
    asksForModels: false,
  });
  try {
    const relay = await host.configure(config);
    const { toldWindow, writtenWindow, price } = facts;
    const ask = createAsker({ relay, price, limitMs, redact, logger: options.logger, newId: options.newId });
    return await runChecks({
      ask,
      toldWindow,
      writtenWindow,
      ...(onResult === undefined ? {} : { onResult }),
    });
  } finally {
    host.giveUpCalls();
    await host.close();
  }
}
