import type { Config } from "../../config/config.ts";
import { isPrivateHost } from "../../config/is-private-host.ts";
import { estimateRun, priceEstimate } from "../../conformance/estimate-run.ts";
import { readFacts, type TargetFacts } from "../../conformance/read-facts.ts";
import type { RunTotals } from "../../conformance/run-checks.ts";
import { type ConformanceTarget, nameTarget } from "../../conformance/target.ts";
import { tryTarget } from "../../conformance/try-target.ts";
import { createLogger } from "../../logging/logger.ts";
import { randomId } from "../../server/random-id.ts";
import { version } from "../version.ts";
import { type DoctorLook, describeCheck, describeEnd, describeTitle } from "./describe-doctor.ts";
import type { TargetEstimate, TargetReport } from "./doctor-report.ts";

/** A target with what is known of it before anything is sent to its model. */
export interface PlannedTarget {
  readonly name: string;
  readonly target: ConformanceTarget;
  readonly facts: TargetFacts;
  readonly estimate: TargetEstimate;
  /** Why it is not tried; null if it is. */
  readonly skipped: string | null;
}

/** Finds out what is known of each target, and what trying it may cost. */
export async function planTargets(
  targets: readonly ConformanceTarget[],
  { config, unreached, limitMs }: { config: Config; unreached: ReadonlySet<string>; limitMs: number },
): Promise<PlannedTarget[]> {
  const run = await estimateRun();
  return Promise.all(
    targets.map(async (target) => {
      const isUnreached = unreached.has(target.upstream);
      const signal = isUnreached ? AbortSignal.abort() : AbortSignal.timeout(limitMs);
      const facts = await readFacts(config, target, signal);
      const { price, isFree } = facts;
      const known = price === null ? null : priceEstimate(run, price);
      const mostUsd = known ?? (isFree ? 0 : null);
      const skipped = isUnreached
        ? "its upstream does not answer"
        : target.settings.passesClientKey
          ? "it is asked with the login of Claude Code, which doctor does not have"
          : null;
      return { name: nameTarget(target), target, facts, estimate: { ...run, mostUsd }, skipped };
    }),
  );
}

export interface TryTargetsOptions {
  readonly config: Config;
  readonly secrets: readonly string[];
  readonly limitMs: number;
  readonly redact: (text: string) => string;
  readonly look: DoctorLook;
  /** Takes each line as soon as it is known. */
  readonly tell: (text: string) => void;
}

/** Tries one target after the other, and tells of each check when it has ended. */
export async function tryTargets(
  planned: readonly PlannedTarget[],
  options: TryTargetsOptions,
): Promise<TargetReport[]> {
  const reports: TargetReport[] = [];
  for (const one of planned) reports.push(await tryPlanned(one, options));
  return reports;
}

async function tryPlanned(
  { name, target, facts, estimate, skipped }: PlannedTarget,
  { config, secrets, limitMs, redact, look, tell }: TryTargetsOptions,
): Promise<TargetReport> {
  const { host, hostname } = new URL(target.settings.baseUrl);
  tell(describeTitle(redact(name), look));
  const logger = createLogger({ level: "ERROR", logFilePath: null, secrets, writeConsole: () => {} });
  const done =
    skipped === null
      ? await tryTarget(target, {
          config,
          logger,
          version,
          newId: randomId,
          redact,
          facts,
          limitMs,
          onResult: (result) => tell(describeCheck(result, look)),
        })
      : null;
  const report = {
    target: redact(name),
    model: redact(target.model),
    server: isPrivateHost(hostname) ? null : host,
    family: done?.family ?? null,
    protocol: done?.protocol ?? null,
    window: facts.toldWindow,
    estimate,
    skipped,
    checks: done?.results ?? [],
    charged: done === null ? null : chargeFor(done.totals, facts),
  };
  tell(describeEnd(report, look));
  return report;
}

function chargeFor(totals: RunTotals, { isFree, price }: TargetFacts): RunTotals {
  return isFree && price === null ? { ...totals, costUsd: 0, unknownCosts: 0 } : totals;
}
