/**
 * The grammar of an answer streamed to the client, written from the Anthropic streaming documentation and from
 * what the official SDK demands, and not from our encoder: it has to find our faults.
 */

type Json = Record<string, unknown>;

/** One event as it stands on the wire. */
export interface WireEvent {
  /** The `event:` line. */
  name: string;
  data: Json;
}

const deltasOfBlock: Readonly<Record<string, readonly string[]>> = {
  text: ["text_delta"],
  thinking: ["thinking_delta", "signature_delta"],
  tool_use: ["input_json_delta"],
  server_tool_use: ["input_json_delta"],
  redacted_thinking: [],
  web_search_tool_result: [],
};

const stopReasons = [
  "end_turn",
  "max_tokens",
  "stop_sequence",
  "tool_use",
  "refusal",
  "model_context_window_exceeded",
];

/**
 * Cuts the bytes of a stream into events. Exactly one form is allowed: an `event:` line, a `data:` line with a
 * JSON object, a blank line.
 * @throws Error for any other byte.
 */
export function parseWireEvents(bytes: Uint8Array): WireEvent[] {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  const frames = text.split("\n\n");
  if (frames.pop() !== "") throw new Error("the stream does not end with a blank line");
  return frames.map((frame) => {
    const match = /^event: ([a-z_]+)\ndata: (.+)$/.exec(frame);
    const [, name, payload] = match ?? [];
    if (name === undefined || payload === undefined)
      throw new Error(`not an event: ${JSON.stringify(frame)}`);
    const data: unknown = JSON.parse(payload);
    if (!isObject(data)) throw new Error(`not an object: ${payload}`);
    return { name, data };
  });
}

/** Every fault of a stream's bytes in plain words; an empty list for a legal stream. */
export function findGrammarFaults(bytes: Uint8Array): string[] {
  try {
    return findFaultsOfEvents(parseWireEvents(bytes));
  } catch (error) {
    return [String(error)];
  }
}

interface Progress {
  phase: "before" | "message" | "delta-sent" | "stopped" | "failed";
  /** Index and type of the open block. */
  open: { index: number; type: string; length: number; signatures: number } | null;
  blocks: number;
  /** Of the tool uses so far. */
  toolIds: Set<string>;
  faults: string[];
}

function findFaultsOfEvents(events: readonly WireEvent[]): string[] {
  const progress: Progress = { phase: "before", open: null, blocks: 0, toolIds: new Set(), faults: [] };
  for (const { name, data } of events) {
    if (data["type"] !== name) progress.faults.push(`event line ${name} for type ${String(data["type"])}`);
    if (progress.phase === "failed" || progress.phase === "stopped")
      progress.faults.push(`${name} after the end`);
    else readEvent(progress, name, data);
  }
  if (progress.phase !== "stopped" && progress.phase !== "failed")
    progress.faults.push("the stream has no end");
  return progress.faults;
}

function readEvent(progress: Progress, name: string, data: Json): void {
  const { faults } = progress;
  if (name === "ping") {
    expectKeys(faults, "ping", data, ["type"]);
    return;
  }
  if (name === "error") {
    readError(progress, data);
    return;
  }
  if (name === "message_start") {
    readMessageStart(progress, data);
    return;
  }
  if (progress.phase === "before") faults.push(`${name} before message_start`);
  if (progress.phase === "delta-sent" && name !== "message_stop") faults.push(`${name} after message_delta`);
  switch (name) {
    case "content_block_start":
      readBlockStart(progress, data);
      break;
    case "content_block_delta":
      readBlockDelta(progress, data);
      break;
    case "content_block_stop":
      readBlockStop(progress, data);
      break;
    case "message_delta":
      readMessageDelta(progress, data);
      break;
    case "message_stop":
      if (progress.phase !== "delta-sent") faults.push("message_stop without message_delta");
      expectKeys(faults, "message_stop", data, ["type"]);
      progress.phase = "stopped";
      break;
    default:
      faults.push(`unknown event ${name}`);
  }
}

function readError(progress: Progress, data: Json): void {
  const { faults } = progress;
  const error = objectOf(data["error"]);
  if (typeof error["type"] !== "string") faults.push("error without a type");
  if (typeof error["message"] !== "string" || error["message"] === "") faults.push("error without a message");
  if (!/^req_[0-9A-Za-z]{24}$/.test(String(data["request_id"]))) faults.push("error without a request_id");
  if (progress.phase === "delta-sent") faults.push("error after message_delta");
  progress.phase = "failed";
}

function readMessageStart(progress: Progress, data: Json): void {
  const { faults } = progress;
  if (progress.phase !== "before") faults.push("a second message_start");
  const message = objectOf(data["message"]);
  if (!/^msg_[0-9A-Za-z]{24}$/.test(String(message["id"]))) faults.push("message without a msg_ id");
  if (message["type"] !== "message" || message["role"] !== "assistant")
    faults.push("not an assistant message");
  if (typeof message["model"] !== "string") faults.push("message without a model");
  if (JSON.stringify(message["content"]) !== "[]") faults.push("message_start with content");
  if (message["stop_reason"] !== null || message["stop_sequence"] !== null) {
    faults.push("message_start with a stop reason");
  }
  faults.push(...usageFaults("message_start", message["usage"]));
  progress.phase = "message";
}

function readBlockStart(progress: Progress, data: Json): void {
  const { faults } = progress;
  if (progress.open !== null)
    faults.push(`block ${String(data["index"])} starts in block ${progress.open.index}`);
  if (data["index"] !== progress.blocks) {
    faults.push(`block index ${String(data["index"])} where ${progress.blocks} was due`);
  }
  const block = objectOf(data["content_block"]);
  const type = String(block["type"]);
  if (deltasOfBlock[type] === undefined) faults.push(`unknown block type ${type}`);
  if (type === "text") expectStart(faults, block, { type, text: "", citations: null });
  if (type === "thinking") expectStart(faults, block, { type, thinking: "", signature: "" });
  if (type === "tool_use" || type === "server_tool_use") {
    readToolId(progress, String(block["id"]));
    if (typeof block["name"] !== "string" || block["name"] === "") faults.push("tool use without a name");
    if (JSON.stringify(block["input"]) !== "{}") faults.push("tool use starts with input");
  }
  if (type === "redacted_thinking" && typeof block["data"] !== "string")
    faults.push("redacted thinking without data");
  progress.open = { index: progress.blocks, type, length: 0, signatures: 0 };
  progress.blocks += 1;
}

/** A tool use is answered by its id, so that each needs one of its own. */
function readToolId({ faults, toolIds }: Progress, id: string): void {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(id)) faults.push(`tool id ${id}`);
  if (toolIds.has(id)) faults.push(`tool id ${id} comes twice`);
  toolIds.add(id);
}

function readBlockDelta(progress: Progress, data: Json): void {
  const { faults, open } = progress;
  const delta = objectOf(data["delta"]);
  const type = String(delta["type"]);
  if (open === null || data["index"] !== open.index) {
    faults.push(`${type} for block ${String(data["index"])}, which is not open`);
    return;
  }
  if (!(deltasOfBlock[open.type] ?? []).includes(type)) faults.push(`${type} in a ${open.type} block`);
  if (open.signatures > 0) faults.push(`${type} after the signature`);
  const member = { text_delta: "text", thinking_delta: "thinking", signature_delta: "signature" }[type];
  const text = delta[member ?? "partial_json"];
  expectKeys(faults, type, delta, ["type", member ?? "partial_json"]);
  if (typeof text !== "string" || text === "") faults.push(`an empty ${type}`);
  else open.length += text.length;
  if (type === "signature_delta") open.signatures += 1;
}

function readBlockStop(progress: Progress, data: Json): void {
  const { faults, open } = progress;
  if (open === null || data["index"] !== open.index) {
    faults.push(`content_block_stop for block ${String(data["index"])}, which is not open`);
    return;
  }
  if (open.length === 0 && (deltasOfBlock[open.type] ?? []).length > 0)
    faults.push(`an empty ${open.type} block`);
  progress.open = null;
}

function readMessageDelta(progress: Progress, data: Json): void {
  const { faults } = progress;
  if (progress.open !== null) faults.push(`message_delta while block ${progress.open.index} is open`);
  const delta = objectOf(data["delta"]);
  if (!stopReasons.includes(String(delta["stop_reason"])))
    faults.push(`stop reason ${String(delta["stop_reason"])}`);
  if (!("stop_sequence" in delta)) faults.push("message_delta without stop_sequence");
  faults.push(...usageFaults("message_delta", data["usage"]));
  progress.phase = "delta-sent";
}

function usageFaults(where: string, value: unknown): string[] {
  const usage = objectOf(value);
  const names = ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens"];
  return names
    .filter((name) => !(Number.isInteger(usage[name]) && Number(usage[name]) >= 0))
    .map((name) => `${where}: ${name} is ${String(usage[name])}`);
}

function expectStart(faults: string[], block: Json, expected: Json): void {
  if (!Bun.deepEquals(block, expected, true)) faults.push(`a block starts as ${JSON.stringify(block)}`);
}

function expectKeys(faults: string[], what: string, value: Json, keys: readonly string[]): void {
  const extra = Object.keys(value).filter((key) => !keys.includes(key));
  if (extra.length > 0) faults.push(`${what} with ${extra.join(", ")}`);
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}
