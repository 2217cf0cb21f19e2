import type { Config } from "../config/config.ts";
import type { ModelPrice } from "../config/file-config.ts";
import type { UpstreamSettings } from "../config/upstream-settings.ts";
import type { UpstreamMemory } from "../learned/upstream-memory.ts";
import type { Logger } from "../logging/logger.ts";
import type { ModelRouter } from "../routing/route-model.ts";
import type { TokenCounter } from "../tokens/token-counter.ts";
import type { StepRunner } from "../turns/run-steps.ts";
import type { Passing } from "./pass-through/passing.ts";
import type { Wires } from "./wires.ts";

/** What carrying a request needs, whichever upstream it goes to; nothing is global. */
export interface SharedDependencies {
  config: Config;
  logger: Logger;
  /** Milliseconds that the usage may take to arrive after the finish reason. */
  lingerMs: number;
  /** Runs the steps of large requests, one in each turn of the event loop. */
  takeTurn: StepRunner;
  /** Functions that abort the running calls to upstreams, for a server that must stop. */
  running: Set<() => void>;
  newId: (prefix: string) => string;
}

/** One upstream, and everything that asking it needs. */
export interface RelayDependencies extends SharedDependencies {
  settings: UpstreamSettings;
  wires: Wires;
  routeTo: ModelRouter;
  tokens: TokenCounter;
  memory: UpstreamMemory;
  /** What the model costs; null if that is not known. */
  priceOf: (model: string) => ModelPrice | null;
  /** The way on which requests are passed as they are. */
  passing: () => Passing | Promise<Passing>;
}
