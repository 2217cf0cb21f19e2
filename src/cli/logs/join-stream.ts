import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";

/** A part of an answer, put together from its pieces. */
export interface AnswerPart {
  readonly kind: "text" | "thinking" | "tool";
  /** Of the tool. */
  readonly name: string | null;
  readonly text: string;
}

/** The parts of an answer on any wire, whole or streamed; none if nothing in it is known. */
export function joinAnswer(text: string): readonly AnswerPart[] {
  const whole = parseJson(text);
  const parts = createPartList();
  if (isJsonObject(whole)) readWhole(whole, parts.add);
  else for (const event of listEvents(text)) readEvent(event, parts.add);
  return parts.list();
}

/** Whether a body is a stream of events. */
export function isStream(text: string): boolean {
  return /^(?:event|data|id|retry)?:/m.test(text.slice(0, 2000));
}

type AddPiece = (kind: AnswerPart["kind"], text: unknown, name?: unknown) => void;

/** Pieces of one kind that follow each other are one part, up to the next tool. */
function createPartList(): { add: AddPiece; list: () => AnswerPart[] } {
  const parts: { kind: AnswerPart["kind"]; name: string | null; text: string }[] = [];
  return {
    add(kind, text, name) {
      const piece = typeof text === "string" ? text : "";
      const last = parts.at(-1);
      if (typeof name === "string" && name !== "") parts.push({ kind, name, text: piece });
      else if (piece === "") return;
      else if (last?.kind === kind) last.text += piece;
      else parts.push({ kind, name: null, text: piece });
    },
    list: () => parts,
  };
}

function* listEvents(text: string): Generator<JsonObject> {
  for (const [, data = ""] of text.matchAll(/^data: ?(.*)$/gm)) {
    const event = parseJson(data);
    if (isJsonObject(event)) yield event;
  }
}

function readEvent(event: JsonObject, add: AddPiece): void {
  const { type, delta, content_block: block, item, choices } = event;
  if (type === "content_block_start" && isJsonObject(block)) {
    if (block["type"] === "tool_use") add("tool", "", block["name"]);
  } else if (type === "content_block_delta" && isJsonObject(delta)) {
    add("text", delta["text"]);
    add("thinking", delta["thinking"]);
    add("tool", delta["partial_json"]);
  } else if (type === "response.output_text.delta") add("text", delta);
  else if (type === "response.reasoning_summary_text.delta") add("thinking", delta);
  else if (type === "response.function_call_arguments.delta") add("tool", delta);
  else if (type === "response.output_item.added" && isJsonObject(item)) {
    if (item["type"] === "function_call") add("tool", "", item["name"]);
  } else if (Array.isArray(choices)) readChoice(choices[0], "delta", add);
}

function readWhole(message: JsonObject, add: AddPiece): void {
  const { content, choices, output } = message;
  if (Array.isArray(content)) for (const block of content) readBlock(block, add);
  else if (Array.isArray(choices)) readChoice(choices[0], "message", add);
  else if (Array.isArray(output)) for (const item of output) readItem(item, add);
}

/** A content block of Anthropic's wire. */
function readBlock(block: unknown, add: AddPiece): void {
  if (!isJsonObject(block)) return;
  if (block["type"] === "text") add("text", block["text"]);
  else if (block["type"] === "thinking") add("thinking", block["thinking"]);
  else if (block["type"] === "tool_use") add("tool", JSON.stringify(block["input"]), block["name"]);
}

function readChoice(choice: unknown, member: "delta" | "message", add: AddPiece): void {
  const message = isJsonObject(choice) ? choice[member] : null;
  if (!isJsonObject(message)) return;
  const { reasoning, reasoning_content: content, tool_calls: calls } = message;
  add("thinking", reasoning ?? content);
  add("text", message["content"]);
  for (const call of Array.isArray(calls) ? calls : []) {
    const called = isJsonObject(call) ? call["function"] : null;
    if (isJsonObject(called)) add("tool", called["arguments"], called["name"]);
  }
}

function readItem(item: unknown, add: AddPiece): void {
  if (!isJsonObject(item)) return;
  if (item["type"] === "function_call") add("tool", item["arguments"], item["name"]);
  const { content, summary } = item;
  for (const part of Array.isArray(summary) ? summary : [])
    if (isJsonObject(part)) add("thinking", part["text"]);
  for (const part of Array.isArray(content) ? content : []) if (isJsonObject(part)) add("text", part["text"]);
}
