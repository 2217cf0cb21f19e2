import { join } from "node:path";
import { createFetchedFacts, type FetchedFacts, factsFileName } from "../knowledge/fetched-facts.ts";
import type { SharedDependencies } from "./relay-dependencies.ts";

/**
 * Creates the store of what upstreams say of their models, which the state folder keeps.
 * @param mayAsk whether upstreams may be asked
 */
export function createFactsStore(
  { config, logger }: Pick<SharedDependencies, "config" | "logger">,
  mayAsk: boolean,
): FetchedFacts {
  return createFetchedFacts({
    filePath: join(config.stateFolder, factsFileName),
    warn: (message, cause) => logger.warn(message, { cause: String(cause) }),
    now: Date.now,
    mayAsk,
  });
}

/** A list of models comes within a moment, or nobody waits for it: Claude Code itself waits 3 s. */
const longestWaitMs = 1_500;

/**
 * Gives a list when upstreams have said what it needs, or after a second and a half. Listing asks them for what is not
 * known yet, and is therefore done twice.
 */
export async function listWhenKnown<Listed>(
  { settled }: Pick<FetchedFacts, "settled">,
  list: () => Listed,
): Promise<Listed> {
  list();
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, longestWaitMs);
  await Promise.race([settled(), promise]);
  clearTimeout(timer);
  return list();
}
