import type { MemberCondition, NumberCondition, RecordFilter, TextCondition } from "../record-filter.ts";
import type { SqlDialect } from "./record-database.ts";
import { isErrorSql } from "./request-sql.ts";

/** A condition in SQL, and the values of its question marks. */
export interface SqlCondition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** The columns that may hold the text; one of them is enough. */
const textColumns: Readonly<Record<TextCondition["member"], readonly string[]>> = {
  id: ["id"],
  session: ["session"],
  agent: ["agent", "agent_type"],
  client: ["client"],
  kind: ["kind"],
  model: ["model"],
  asked: ["asked_model"],
  upstream: ["upstream"],
  rule: ["rule"],
  error: ["error_type", "error_message"],
  stop: ["stop_reason"],
};

/** Nobody writes these to their end. */
const idMembers: ReadonlySet<TextCondition["member"]> = new Set(["id", "session", "agent"]);

const numberColumns: Readonly<Record<MemberCondition["member"], string>> = {
  status: "status",
  input: "input_tokens + coalesce(cache_read_tokens, 0) + coalesce(cache_write_tokens, 0)",
  output: "output_tokens",
  cached: "cache_read_tokens",
  cost: "cost_picousd",
  ms: "duration_ms",
  first: "first_byte_ms",
  sends: "sends",
};

const comparisons: Readonly<Record<NumberCondition["comparison"], string>> = {
  "<": "<",
  "<=": "<=",
  "=": "=",
  ">=": ">=",
  ">": ">",
};

const flagConditions: Readonly<Record<RecordFilter["flags"][number], string>> = {
  error: isErrorSql,
  changed: "changes is not null",
  retried: "sends > 1",
  estimated: "usage_estimated = 1",
  broken: "prefix_place is not null",
};

/** One of them is enough. Not joined to one text: a Mac's own SQLite may not know how, and it is no faster. */
const wordColumns = [
  "model",
  "asked_model",
  "upstream",
  "client",
  "session",
  "id",
  "agent_type",
  "error_type",
  "error_message",
  "changes",
  "upstream_request_id",
] as const;

/**
 * Which rows a filter wants; all of them if it says nothing. The words of bodies are no part of it.
 * @param more further conditions
 */
export function buildCondition(
  dialect: SqlDialect,
  filter: RecordFilter,
  more: readonly SqlCondition[] = [],
): SqlCondition {
  const parts: readonly SqlCondition[] = [
    ...(filter.sinceMs === null ? [] : [{ sql: "time >= ?", values: [filter.sinceMs] }]),
    ...(filter.untilMs === null ? [] : [{ sql: "time < ?", values: [filter.untilMs] }]),
    ...filter.numbers.map(buildNumber),
    ...filter.flags.map((flag) => ({ sql: flagConditions[flag], values: [] })),
    ...filter.texts.map((condition) => buildText(dialect, condition)),
    ...filter.words.map((word) => buildAnyLike(dialect, wordColumns, `%${escapeLike(word)}%`)),
    ...more,
  ];
  return {
    sql: parts.length === 0 ? "true" : parts.map(({ sql }) => sql).join(" and "),
    values: parts.flatMap(({ values }) => values),
  };
}

function buildNumber({ member, comparison, value }: MemberCondition): SqlCondition {
  const compared = member === "cost" ? Math.round(value * 1e12) : value;
  return { sql: `${numberColumns[member]} ${comparisons[comparison]} ?`, values: [compared] };
}

function buildText(dialect: SqlDialect, { member, pattern, isNegated }: TextCondition): SqlCondition {
  const columns = textColumns[member];
  const like = escapeLike(pattern).replace(/\*+/g, "%") + (idMembers.has(member) ? "%" : "");
  const { sql, values } = buildAnyLike(
    dialect,
    // Nothing is like an empty text, which only stars and what is negated fit. Left out where it can be: with it a
    // database knows nothing of how many rows fit.
    columns.map((column) => (isNegated || /^%*$/.test(like) ? `coalesce(${column}, '')` : column)),
    like,
  );
  return { sql: isNegated ? `not ${sql}` : sql, values };
}

function buildAnyLike({ isLike }: SqlDialect, columns: readonly string[], pattern: string): SqlCondition {
  const one = columns.map(isLike).join(" or ");
  return { sql: `(${one})`, values: columns.map(() => pattern) };
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}
