import type { Ask, Check, CheckFacts, CheckId, CheckResult, Heard, Verdict } from "./check.ts";
import { checks } from "./list-checks.ts";

export interface RunChecksOptions extends Pick<CheckFacts, "toldWindow" | "writtenWindow"> {
  readonly ask: Ask;
  /** Is told of each result as soon as all before it are there. */
  readonly onResult?: (result: CheckResult) => void;
}

/** What a run has cost and used. */
export interface RunTotals {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Dollars, of the requests whose cost is known. */
  readonly costUsd: number;
  /** Requests that a model has answered, and whose cost is not known. */
  readonly unknownCosts: number;
}

export interface ChecksReport {
  readonly results: readonly CheckResult[];
  /** The family whose dialect was spoken, and the wire; null if nothing was sent. */
  readonly family: string | null;
  readonly protocol: string | null;
  readonly totals: RunTotals;
}

/** Requests that are on their way at the same time. */
const mostAtOnce = 2;

interface Outcome {
  readonly check: Check;
  readonly verdict: Verdict;
  readonly heard: readonly Heard[];
  readonly ms: number;
}

/**
 * Tries everything that Claude Code does, and says of each how it went. The first ones run alone, so that what the
 * proxy learns of the upstream there is learned once; then two at a time.
 */
export async function runChecks({ ask, onResult, ...windows }: RunChecksOptions): Promise<ChecksReport> {
  const outcomes = new Map<CheckId, Outcome>();
  const facts: CheckFacts = { ...windows, first: (id) => outcomes.get(id)?.heard[0] };
  const results: CheckResult[] = [];
  const told = new Set<string>();
  const tell = () => {
    for (const check of checks.slice(results.length)) {
      const outcome = outcomes.get(check.id);
      if (outcome === undefined) return;
      const result = describeOutcome(outcome, told);
      results.push(result);
      onResult?.(result);
    }
  };
  const run = async (check: Check) => {
    outcomes.set(check.id, await runCheck(check, ask, facts, outcomes));
    tell();
  };
  const aloneCount = checks.findIndex(({ id }) => id === "tool") + 1;
  for (const check of checks.slice(0, aloneCount)) await run(check);
  const waiting = checks.slice(aloneCount);
  const work = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) await run(check);
  };
  await Promise.all(Array.from({ length: mostAtOnce }, work));
  const heard = [...outcomes.values()].flatMap((outcome) => outcome.heard);
  const last = heard.findLast(({ family }) => family !== null);
  return {
    results,
    family: last?.family ?? null,
    protocol: last?.protocol ?? null,
    totals: countTotals(heard),
  };
}

async function runCheck(
  check: Check,
  ask: Ask,
  facts: CheckFacts,
  outcomes: ReadonlyMap<CheckId, Outcome>,
): Promise<Outcome> {
  const missing = check.needs.find((id) => !isUsable(outcomes.get(id)?.verdict));
  if (missing !== undefined) {
    const name = checks.find(({ id }) => id === missing)?.name ?? missing;
    return { check, verdict: { standing: "not tried", found: `it needs: ${name}` }, heard: [], ms: 0 };
  }
  const heard: Heard[] = [];
  const startMs = performance.now();
  const verdict = await check.run(async (body) => {
    const one = await ask(body);
    heard.push(one);
    return one;
  }, facts);
  return { check, verdict, heard, ms: Math.round(performance.now() - startMs) };
}

function isUsable(verdict: Verdict | undefined): boolean {
  return verdict?.standing === "pass" || verdict?.standing === "repaired";
}

/** Notes about what other checks are about. */
const ownedNotes: ReadonlyMap<string, CheckId> = new Map([
  ["the upstream told no usage", "usage"],
  ["the upstream gave no finish reason", "text"],
]);

/** @param told the notes of checks before it: each is told once */
function describeOutcome({ check, verdict, heard, ms }: Outcome, told: Set<string>): CheckResult {
  const notes = new Set(heard.flatMap((one) => one.notes));
  const repairs = [...notes].filter((note) => {
    const owner = ownedNotes.get(note) ?? check.id;
    return owner === check.id && !told.has(note);
  });
  for (const note of repairs) told.add(note);
  const isRefused = check.isEssential && verdict.standing === "not offered";
  const isMended = verdict.standing === "pass" && repairs.length > 0;
  const standing = isRefused ? "fails" : isMended ? "repaired" : verdict.standing;
  const { id, name, meaning } = check;
  return {
    id,
    name,
    standing,
    found: verdict.found,
    // What else ended the check says more than that.
    repairs: standing === "repaired" ? repairs : [],
    meaning: standing === "fails" || standing === "not offered" ? meaning : null,
    ms,
    requests: heard.length,
  };
}

function countTotals(heard: readonly Heard[]): RunTotals {
  const answered = heard.filter(({ tokens }) => tokens !== null);
  const sum = (of: (one: Heard) => number) => answered.reduce((total, one) => total + of(one), 0);
  return {
    requests: heard.length,
    inputTokens: sum(({ tokens }) => tokens?.input ?? 0),
    outputTokens: sum(({ tokens }) => tokens?.output ?? 0),
    costUsd: sum(({ costUsd }) => costUsd ?? 0),
    unknownCosts: answered.filter(({ costUsd }) => costUsd === null).length,
  };
}
