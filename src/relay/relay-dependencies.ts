import type { Config } from "../config/config.ts";
import type { UpstreamMemory } from "../learned/upstream-memory.ts";
import type { Logger } from "../logging/logger.ts";
import type { RouteSelector } from "../routing/select-route.ts";
import type { TokenCounter } from "../tokens/token-counter.ts";
import type { StepRunner } from "../turns/run-steps.ts";
import type { Wires } from "./wires.ts";

/** Everything that carrying a request needs; nothing is global. */
export interface RelayDependencies {
  config: Config;
  wires: Wires;
  selectRoute: RouteSelector;
  tokens: TokenCounter;
  memory: UpstreamMemory;
  logger: Logger;
  /** Milliseconds that the usage may take to arrive after the finish reason. */
  lingerMs: number;
  /** Runs the steps of large requests, one in each turn of the event loop. */
  takeTurn: StepRunner;
  /** Functions that abort the running calls to the upstream, for a server that must stop. */
  running: Set<() => void>;
  newId: (prefix: string) => string;
}
