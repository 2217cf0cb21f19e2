import type { CheckResult } from "../../conformance/check.ts";
import type { RunEstimate } from "../../conformance/estimate-run.ts";
import type { RunTotals } from "../../conformance/run-checks.ts";
import type { SetupFinding } from "./setup-finding.ts";

/** What one target may cost, before it is tried. */
export interface TargetEstimate extends RunEstimate {
  /** The most dollars: 0 for a server of the user's own, null if the price is not known. */
  readonly mostUsd: number | null;
}

/** How one target went. */
export interface TargetReport {
  /** `upstream/model`; without a configuration file the model alone. */
  readonly target: string;
  readonly model: string;
  /** The host of the upstream; null for a private one. */
  readonly server: string | null;
  readonly family: string | null;
  readonly protocol: string | null;
  /** Tokens; null if the upstream does not say it. */
  readonly window: number | null;
  readonly estimate: TargetEstimate;
  /** Why it was not tried; null if it was. */
  readonly skipped: string | null;
  readonly checks: readonly CheckResult[];
  /** What it took; null if it was not tried. */
  readonly charged: RunTotals | null;
}

/** Everything that `doctor` has found; its JSON is this object. */
export interface DoctorReport {
  readonly version: string;
  /** When it was run, in ISO 8601. */
  readonly time: string;
  readonly setup: readonly SetupFinding[];
  readonly targets: readonly TargetReport[];
  /** Nothing fails. */
  readonly ok: boolean;
}

/** Whether something fails; a warning, and what an upstream does not offer, is none. */
export function isFine(setup: readonly SetupFinding[], targets: readonly TargetReport[]): boolean {
  const hasFault = setup.some(({ standing }) => standing === "fails");
  return !hasFault && targets.every(({ checks }) => checks.every(({ standing }) => standing !== "fails"));
}
