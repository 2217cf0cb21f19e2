import { findGrammarFaults, parseWireEvents, type WireEvent } from "../support/grammar.ts";
import { isObject, type Json, objectOf, objectsOf } from "../support/strict/json.ts";

/** What a client has been told, however it was told. */
export interface Answer {
  status: number;
  contentType: string;
  requestId: string;
  headers: Headers;
  /** As it stood on the wire. */
  raw: string;
  /** Breaches of the grammar of a stream; empty for a whole answer. */
  faults: string[];
  outcome: Outcome;
}

export interface Outcome {
  status: number;
  /** Text of all text blocks, in order. */
  text: string;
  /** Name and input of all tool uses; the input is text where a stream broke off inside it. */
  tools: [string, unknown][];
  /** The stop reason, or the type of the error. */
  end: string;
  /** Of the error, with UPSTREAM for its host and port; null when there is none. */
  message: string | null;
}

/** Reads a response to its end. */
export async function readAnswer(response: Response): Promise<Answer> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const contentType = response.headers.get("content-type") ?? "";
  const isStream = contentType.startsWith("text/event-stream");
  const { status, headers } = response;
  return {
    status,
    contentType,
    headers,
    requestId: headers.get("request-id") ?? "",
    raw: new TextDecoder().decode(bytes),
    faults: isStream ? findGrammarFaults(bytes) : [],
    outcome: { status, ...(isStream ? readStream(parseWireEvents(bytes)) : readWhole(bytes)) },
  };
}

function readWhole(bytes: Uint8Array): Omit<Outcome, "status"> {
  const body: unknown = bytes.length === 0 ? {} : JSON.parse(new TextDecoder().decode(bytes));
  if (!isObject(body)) throw new Error("the answer is not an object");
  if (body["type"] === "error") return { text: "", tools: [], ...readError(body) };
  return { ...readBlocks(objectsOf(body["content"])), end: String(body["stop_reason"]), message: null };
}

function readStream(events: readonly WireEvent[]): Omit<Outcome, "status"> {
  const blocks: Json[] = [];
  let end: { end: string; message: string | null } = { end: "none", message: null };
  for (const { name, data } of events) {
    if (name === "content_block_start") blocks.push({ ...objectOf(data["content_block"]), json: "" });
    if (name === "content_block_delta") addDelta(blocks.at(-1), objectOf(data["delta"]));
    if (name === "message_delta") {
      end = { end: String(objectOf(data["delta"])["stop_reason"]), message: null };
    }
    if (name === "error") end = readError(data);
  }
  return { ...readBlocks(blocks.map(parseInput)), ...end };
}

function addDelta(block: Json | undefined, delta: Json): void {
  if (block === undefined) return;
  if (delta["type"] === "text_delta") block["text"] = String(block["text"]) + String(delta["text"]);
  if (delta["type"] === "input_json_delta") {
    block["json"] = String(block["json"]) + String(delta["partial_json"]);
  }
}

function parseInput(block: Json): Json {
  const json = String(block["json"]);
  try {
    return { ...block, input: JSON.parse(json) };
  } catch {
    return { ...block, input: json };
  }
}

function readBlocks(blocks: readonly Json[]): Pick<Outcome, "text" | "tools"> {
  const texts = blocks.flatMap((block) => (block["type"] === "text" ? [String(block["text"])] : []));
  const tools = blocks.flatMap((block): [string, unknown][] =>
    block["type"] === "tool_use" ? [[String(block["name"]), block["input"]]] : [],
  );
  return { text: texts.join(""), tools };
}

function readError(body: Json): { end: string; message: string } {
  const error = objectOf(body["error"]);
  return {
    end: String(error["type"]),
    message: String(error["message"]).replace(/127\.0\.0\.1:\d+/, "UPSTREAM"),
  };
}
