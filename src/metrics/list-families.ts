import type { RecorderState } from "../record/recorder.ts";
import type { Metrics } from "./create-metrics.ts";
import type { MetricFamily, Sample } from "./format-exposition.ts";
import type { ModelCounts } from "./model-counts.ts";

/** What is true at the moment of a scrape. */
export interface ServerFacts {
  readonly version: string;
  readonly runningRequests: number;
  readonly health: readonly { readonly name: string; readonly isHealthy: boolean }[];
  /** Null if nothing is recorded. */
  readonly record: Pick<RecorderState, "backlog" | "lost" | "shared"> | null;
  /** The caps of periods: their names come from the configuration. */
  readonly budgets: readonly {
    readonly name: string;
    readonly spentUsd: number;
    readonly limitUsd: number;
  }[];
  readonly residentBytes: number;
  /** Seconds since 1970. */
  readonly startedSeconds: number;
}

type FamilyHead = Pick<MetricFamily, "type" | "help">;

const longestLabel = 200;
const mostTargets = 100;

/**
 * The families of a scrape.
 * @param redact takes secrets out of a text: a client can name a model after one
 */
export function listFamilies(
  metrics: Metrics,
  facts: ServerFacts,
  redact: (text: string) => string,
): MetricFamily[] {
  const family = (name: string, head: FamilyHead, samples: readonly Sample[]): MetricFamily => ({
    name: `claude_proxy_${name}`,
    ...head,
    samples,
  });
  return [
    ...listRequestFamilies(metrics, family),
    ...listModelFamilies([...metrics.models()], family, (text) => redact(text).slice(0, longestLabel)),
    ...listServerFamilies(facts, family),
  ];
}

type FamilyMaker = (name: string, head: FamilyHead, samples: readonly Sample[]) => MetricFamily;

function listRequestFamilies(metrics: Metrics, family: FamilyMaker): MetricFamily[] {
  const requests = [...metrics.requests()].flatMap(({ kind, client, byClass }) =>
    Array.from(byClass, (value, digit): Sample => {
      const of = { kind, code: `${digit}xx` };
      return { labels: client === null ? of : { ...of, client }, value };
    }).filter(({ value }) => value > 0),
  );
  const errors = Array.from(metrics.errors, ([type, value]): Sample => ({ labels: { type }, value }));
  return [
    family("requests_total", counter("Requests that have ended, by purpose and class of status."), requests),
    family("errors_total", counter("Requests that failed, by the type of the error."), errors),
  ];
}

function listModelFamilies(
  models: readonly ModelCounts[],
  family: FamilyMaker,
  show: (text: string) => string,
): MetricFamily[] {
  const labelsOf = ({ upstream, model }: ModelCounts) => ({ upstream: show(upstream), model: show(model) });
  const histogram = (help: string): FamilyHead => ({ type: "histogram", help });
  const each = (list: (counts: ModelCounts) => readonly Sample[]) => models.flatMap(list);
  const split = (label: string, values: (counts: ModelCounts) => object) =>
    each((counts) =>
      Object.entries(values(counts))
        .filter(([, value]) => value > 0)
        .map(([name, value]) => ({ labels: { ...labelsOf(counts), [label]: name }, value })),
    );
  const plain = (measure: (counts: ModelCounts) => number) =>
    each((counts) => [{ labels: labelsOf(counts), value: measure(counts) }]);
  return [
    family(
      "request_duration_seconds",
      histogram("Time from a request's arrival to the end of its answer."),
      each((counts) => counts.durationSeconds.list(labelsOf(counts))),
    ),
    family(
      "first_byte_seconds",
      histogram("Time from a request's arrival to the first byte of its answer."),
      each((counts) => counts.firstByteSeconds.list(labelsOf(counts))),
    ),
    family(
      "output_tokens_per_second",
      histogram("Output tokens per second of an answer."),
      each((counts) => counts.tokensPerSecond.list(labelsOf(counts))),
    ),
    family(
      "tokens_total",
      counter("Tokens; those of caches are not among the input, thinking is part of the output."),
      split("direction", ({ tokens }) => tokens),
    ),
    family(
      "cost_usd_total",
      counter("Dollars of the answers whose cost is known."),
      plain(({ costUsd }) => costUsd),
    ),
    family(
      "unknown_cost_answers_total",
      counter("Answers whose cost is not known."),
      plain(({ unknownCosts }) => unknownCosts),
    ),
    family(
      "attempts_total",
      counter("Sends to upstreams, by the class of the status that came; none if none came."),
      split("outcome", ({ sends }) => sends),
    ),
  ];
}

function listServerFamilies(facts: ServerFacts, family: FamilyMaker): MetricFamily[] {
  const one = (value: number, labels: Sample["labels"] = {}): Sample[] => [{ labels, value }];
  const { health, budgets, record } = facts;
  const targets = health.slice(0, mostTargets).map(({ name, isHealthy }) => ({
    labels: { target: name.slice(0, longestLabel) },
    value: Number(isHealthy),
  }));
  const spent = budgets.map(({ name, spentUsd, limitUsd }) => ({
    labels: { budget: name },
    value: spentUsd / limitUsd,
  }));
  return [
    family("running_requests", gauge("Requests that are being answered."), one(facts.runningRequests)),
    family("target_healthy", gauge("1 for a target or key in use, 0 for one that is left out."), targets),
    family("budget_spent_ratio", gauge("Part of a cap that is spent."), spent),
    family(
      "record_backlog_requests",
      gauge("Requests that are not written into the record yet."),
      record === null ? [] : one(record.backlog),
    ),
    family(
      "record_lost_total",
      counter("Requests that could not be recorded."),
      record === null ? [] : one(record.lost),
    ),
    family(
      "record_spooled_requests",
      gauge("Requests that wait on the disk until the shared record takes them."),
      record?.shared == null ? [] : one(record.shared.spooled),
    ),
    family(
      "record_away_since_seconds",
      gauge("Since when the shared record takes none, since 1970; 0 while it does."),
      record?.shared == null ? [] : one((record.shared.awaySinceMs ?? 0) / 1000),
    ),
    family("build_info", gauge("The version that runs."), one(1, { version: facts.version })),
    family("resident_memory_bytes", gauge("Memory of the process."), one(facts.residentBytes)),
    family("start_time_seconds", gauge("When the process started, since 1970."), one(facts.startedSeconds)),
  ];
}

function counter(help: string): FamilyHead {
  return { type: "counter", help };
}

function gauge(help: string): FamilyHead {
  return { type: "gauge", help };
}
