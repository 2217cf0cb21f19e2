import type { ModelRoute } from "../../routing/route.ts";

/** One target of a request, with what decides on whether and how it is asked. */
export interface Candidate {
  readonly route: ModelRoute;
  /** The model's window in tokens; null if unknown. */
  readonly window: number | null;
  /** The upstream's keys: with several, a pool. */
  readonly keys: readonly string[];
  /** It is asked with the client's own credential: what it says of that concerns this client alone. */
  readonly usesClientAccount: boolean;
  /** The most requests that run at the upstream at the same time; null for no limit. */
  readonly concurrency: number | null;
}

/** How a candidate is called: `deepseek/deepseek-v4-pro`. */
export function nameOf({ route: { upstream, model } }: Candidate): string {
  return `${upstream}/${model}`;
}
