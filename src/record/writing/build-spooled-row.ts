import type { SpooledRow } from "../spool/spooled-row.ts";
import { type ColumnValue, requestColumns } from "../sqlite/request-columns.ts";
import type { PackedEntry } from "./record-sink.ts";

const bodyColumns = ["name", "send", "head", "bytes", "is_cut"] as const;

/** Builds what the shared database is sent of a request. PostgreSQL takes no text with a NUL or with half a character. */
export function buildSpooledRow({ values, bodies, charges }: PackedEntry, instance: string): SpooledRow {
  const request: Record<string, ColumnValue> = {};
  for (const [at, name] of requestColumns.entries()) {
    const value = values[at] ?? null;
    if (value !== null) request[name] = toStorable(value);
  }
  request["instance"] = instance;
  const contents: Uint8Array[] = [];
  const heads = bodies.map((body) => {
    const content = body[bodyColumns.length];
    const bytes = content instanceof Uint8Array ? content : new Uint8Array();
    contents.push(bytes);
    const columns = bodyColumns.map((name, at) => [name, toStorable(body[at] ?? null)]);
    return { ...Object.fromEntries(columns), size: bytes.length };
  });
  const { id, time } = request;
  return {
    id: typeof id === "string" ? id : "",
    time: typeof time === "number" ? time : 0,
    request: JSON.stringify(request),
    bodies: heads.length === 0 ? "" : JSON.stringify(heads),
    content: heads.length === 0 ? null : Buffer.concat(contents),
    charges:
      charges.length === 0 ? "" : JSON.stringify(charges.map((charge) => ({ ...charge, request: id }))),
  };
}

function toStorable<Value>(value: Value): Value | string {
  if (typeof value !== "string") return value;
  return (value.includes("\0") ? value.replaceAll("\0", "") : value).toWellFormed();
}
