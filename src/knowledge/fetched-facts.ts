import type { ModelFacts } from "../config/file-config.ts";
import { upstreamAddress } from "../config/list-upstreams.ts";
import type { UpstreamSettings } from "../config/upstream-settings.ts";
import { createOnceWarner } from "../files/once-warner.ts";
import { type FactsByModel, findFacts } from "./facts.ts";
import { keepList, readFactsFile, type WarnOfFile } from "./facts-file.ts";
import { fetchFacts } from "./fetch-facts.ts";

/** Name of the file in the state folder that keeps what upstreams say of their models. */
export const factsFileName = "model-facts.json";

export interface FetchedFactsOptions {
  /** The file that keeps what was fetched; null keeps it in memory. */
  filePath: string | null;
  /** Called with a problem of the file, each once. */
  warn: WarnOfFile;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Whether upstreams may be asked; without that, only what is kept is known. */
  mayAsk: boolean;
}

/** What upstreams say of their models. It outlives a configuration. */
export interface FetchedFacts {
  /**
   * What is known of the model now. If that is a day old or nothing, the upstream is asked in the background, for those
   * who ask later. Never throws.
   */
  of(upstream: UpstreamSettings, model: string): ModelFacts;
  /** What is known of the model now, however old. Nobody is asked. */
  knownOf(upstream: UpstreamSettings, model: string): ModelFacts;
  /** Settles when nothing is being read, fetched or written. */
  settled(): Promise<void>;
  /** Ends the requests that run. */
  close(): void;
}

interface Known {
  models: FactsByModel;
  /** When to ask again, in milliseconds since 1970. */
  dueMs: number;
  /** Ids that were asked for, for servers that have to be asked about each. */
  wanted: Set<string>;
}

const dayMs = 24 * 60 * 60_000;
/** After a failure. */
const hourMs = 60 * 60_000;
const mostWanted = 32;
const nothing: FactsByModel = new Map();

/** Creates the store of fetched facts; reads and asks nothing yet. */
export function createFetchedFacts({ filePath, warn, now, mayAsk }: FetchedFactsOptions): FetchedFacts {
  const once = createOnceWarner(warn);
  const known = new Map<string, Known>();
  const running = new Set<Promise<void>>();
  const controller = new AbortController();
  let reading: Promise<void> | null = null;

  // Asked for with every request, and parsed once.
  const addresses = new WeakMap<UpstreamSettings, string>();
  const run = (work: Promise<void>): void => {
    running.add(work);
    void work.finally(() => running.delete(work));
  };
  const read = async (): Promise<void> => {
    if (filePath === null) return;
    for (const [address, { atMs, models }] of await readFactsFile(filePath, once.warn)) {
      const wanted = known.get(address)?.wanted ?? new Set();
      // A list from a time to come was written under a wrong clock.
      known.set(address, { models, dueMs: Math.min(atMs, now()) + dayMs, wanted });
    }
  };
  const refresh = async (upstream: UpstreamSettings, address: string): Promise<void> => {
    reading ??= read();
    await reading;
    const entry = known.get(address);
    // Another request may have begun it while the file was read.
    if (entry === undefined || entry.dueMs > now()) return;
    entry.dueMs = now() + hourMs;
    if (!mayAsk) return;
    const models = await fetchFacts(upstream, { wanted: [...entry.wanted], signal: controller.signal });
    if (models === null || controller.signal.aborted) return;
    known.set(address, { ...entry, models, dueMs: now() + dayMs });
    if (filePath !== null) await keepList(filePath, [address, { atMs: now(), models }], once.warn);
  };

  const addressOf = (upstream: UpstreamSettings): string => {
    const address = addresses.get(upstream) ?? upstreamAddress(upstream.baseUrl);
    addresses.set(upstream, address);
    return address;
  };

  return {
    of(upstream, model) {
      const address = addressOf(upstream);
      const entry = known.get(address) ?? { models: nothing, dueMs: 0, wanted: new Set<string>() };
      known.set(address, entry);
      if (entry.wanted.size < mostWanted) entry.wanted.add(model);
      if (entry.dueMs <= now() && !controller.signal.aborted) run(refresh(upstream, address));
      return findFacts(entry.models, model);
    },
    knownOf: (upstream, model) => findFacts(known.get(addressOf(upstream))?.models ?? nothing, model),
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
    close: () => controller.abort(),
  };
}
