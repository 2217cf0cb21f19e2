import type { ModelFacts } from "../../config/file-config.ts";

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

export interface ReportedModel extends ModelFacts {
  /** As the upstream knows it; `*` for the only model of a server that takes any name. */
  readonly id: string;
  /** False if the configuration uses it, and the upstream's list does not have it. */
  readonly listed: boolean;
  /** The routes, cases or settings that lead to it. */
  readonly usedBy: readonly string[];
}
