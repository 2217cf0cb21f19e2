import type { ModelPrice } from "../../config/file-config.ts";

/** What `claude-proxy models --json` prints: members may be added, but none changes its meaning. */
export interface ModelsReport {
  readonly upstreams: readonly ReportedUpstream[];
}

export interface ReportedUpstream {
  readonly name: string;
  /** Host and port. */
  readonly host: string;
  /** Why it did not tell its list now; null if it did. */
  readonly fault: string | null;
  /** When the list was told, as ISO 8601; null if it never was, so that only models of the configuration are there. */
  readonly listedAt: string | null;
  /** How many models there are without the filter. */
  readonly total: number;
  /** Those that are used come first, then by their ids. */
  readonly models: readonly ReportedModel[];
}

export interface ReportedModel {
  /** As the upstream knows it; `*` for the only model of a server that takes any name. */
  readonly id: string;
  /** What people read; null if nobody says. */
  readonly name: string | null;
  /** False if the configuration uses it, and the upstream's list does not have it. */
  readonly listed: boolean;
  /** Tokens of prompt and answer together; null if nobody says. */
  readonly window: number | null;
  /** Tokens of an answer; null if nobody says. */
  readonly maxOutput: number | null;
  readonly images: boolean | null;
  readonly pdf: boolean | null;
  readonly tools: boolean | null;
  readonly reasoning: boolean | null;
  /** Dollars for a million tokens; null if nobody says. */
  readonly price: ModelPrice | null;
  /** The routes, cases or settings that lead to it. */
  readonly usedBy: readonly string[];
}
