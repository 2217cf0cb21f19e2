import type { SqlValue } from "../sql/record-database.ts";

/**
 * A statement with question marks as PostgreSQL wants it: `$1::bigint`. The types are said, as an index by a whole number
 * is of no use for a comparison with a floating-point one.
 * @returns the statement, and its values
 */
export function bindValues(sql: string, values: readonly SqlValue[]): [sql: string, values: SqlValue[]] {
  let count = 0;
  const numbered = sql.replace(/\?/g, () => {
    const value = values[count] ?? null;
    count += 1;
    return `$${count}::${typeOf(value)}`;
  });
  return [numbered, values.map(withoutNull)];
}

function typeOf(value: SqlValue): "bigint" | "float8" | "text" {
  if (typeof value !== "number") return "text";
  return Number.isSafeInteger(value) ? "bigint" : "float8";
}

/** No text there has the character U+0000, so none is found; it would be refused. */
function withoutNull(value: SqlValue): SqlValue {
  return typeof value === "string" ? value.replaceAll("\0", "\ufffd") : value;
}
