import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";
import {
  type RecordedBody,
  type RecordedExchange,
  type RecordedHead,
  wireNames,
} from "../recorded-request.ts";
import { buildListedColumns, readCount, readListed, readText } from "./read-row.ts";
import type { RecordDatabase } from "./record-database.ts";
import { unpackBody } from "./unpack-body.ts";

/** The exchange with this id, or the only one whose id begins so; null if there is none, or more than one. */
export async function readExchange(
  database: RecordDatabase,
  requestId: string,
): Promise<RecordedExchange | null> {
  const row = await findRow(database, requestId);
  if (row === null) return null;
  const { seq, hasBodies: _, ...request } = readListed(row);
  const rows = await database.all(
    `select * from ${database.dialect.bodyTable} where seq = ? order by send, name`,
    [seq],
  );
  const bodies = rows.flatMap((body) => readBody(body) ?? []);
  return { request, bodies: bodies.toSorted((a, b) => orderOf(a) - orderOf(b)) };
}

async function findRow(database: RecordDatabase, requestId: string): Promise<JsonObject | null> {
  const exact = await findRows(database, "id = ?", [requestId]);
  if (exact.length > 0 || requestId === "") return exact[0] ?? null;
  const rows = await findRows(database, "id >= ? and id < ?", [requestId, `${requestId}\u{10ffff}`]);
  return rows.length === 1 ? (rows[0] ?? null) : null;
}

/** At most two requests whose id is such. All ids are looked at, in an index that holds little else. */
function findRows({ dialect, all }: RecordDatabase, condition: string, values: string[]) {
  const { requestTable, byIdHint } = dialect;
  const found = `select seq from ${requestTable} ${byIdHint} where ${condition} limit 2`;
  return all(
    `select ${buildListedColumns(dialect)} from ${requestTable} as requests where seq in (${found})`,
    values,
  );
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
