import type { Database } from "bun:sqlite";
import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";
import {
  type RecordedBody,
  type RecordedExchange,
  type RecordedHead,
  wireNames,
} from "../recorded-request.ts";
import { listedColumns, readCount, readListed, readText } from "./read-row.ts";
import { unpackBody } from "./unpack-body.ts";

/** The exchange with this id, or the only one whose id begins so; null if there is none, or more than one. */
export function readExchange(database: Database, requestId: string): RecordedExchange | null {
  const row = findRow(database, requestId);
  if (row === null) return null;
  const { seq, hasBodies: _, ...request } = readListed(row);
  const bodies = database
    .query<JsonObject, [number]>("select * from bodies where seq = ? order by send, name")
    .all(seq)
    .flatMap((body) => readBody(body) ?? []);
  return { request, bodies: bodies.toSorted((a, b) => orderOf(a) - orderOf(b)) };
}

function findRow(database: Database, requestId: string): JsonObject | null {
  const select = `select ${listedColumns} from requests r where`;
  const exact = database.query<JsonObject, [string]>(`${select} id = ?`).get(requestId);
  if (exact !== null || requestId === "") return exact;
  // Not by `like`, which cannot use the index.
  const rows = database
    .query<JsonObject, [string, string]>(`${select} id >= ? and id < ? limit 2`)
    .all(requestId, `${requestId}\u{10ffff}`);
  return rows.length === 1 ? (rows[0] ?? null) : null;
}

/** In the order in which they were sent: the client's, each send with its answer, the answer to the client. */
function orderOf({ name, send }: RecordedBody): number {
  if (name === "client-request") return 0;
  if (name === "client-response") return Number.POSITIVE_INFINITY;
  return send * 2 + (name === "upstream-response" ? 1 : 0);
}

function readBody(row: JsonObject): RecordedBody | null {
  const name = wireNames.find((known) => known === row["name"]);
  if (name === undefined || !(row["content"] instanceof Uint8Array)) return null;
  return {
    name,
    send: readCount(row, "send"),
    head: readHead(readText(row, "head")),
    text: unpackBody(row["content"]),
    bytes: readCount(row, "bytes"),
    isCut: row["is_cut"] === 1,
  };
}

function readHead(text: string | null): RecordedHead | null {
  const head = text === null ? null : parseJson(text);
  if (!isJsonObject(head)) return null;
  const headers = isJsonObject(head["headers"]) ? Object.entries(head["headers"]) : [];
  return {
    url: readText(head, "url") ?? "",
    headers: Object.fromEntries(
      headers.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    ),
  };
}
