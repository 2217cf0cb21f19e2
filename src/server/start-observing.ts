import type { Config } from "../config/config.ts";
import type { Logger } from "../logging/logger.ts";
import { type Observing, observeNothing } from "./observing.ts";

export interface ObservingOptions {
  config: Config;
  logger: Logger;
}

/** Starts everything that looks at requests from the side. What nobody wants is not loaded. */
export async function startObserving(_options: ObservingOptions): Promise<Observing> {
  return observeNothing();
}
