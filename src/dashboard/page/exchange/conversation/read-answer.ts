import { isObject } from "../../api/check.ts";
import { type Block, readBlocks } from "./blocks.ts";
import { parseCutJson } from "./parse-cut-json.ts";
import { isEventStream, parseEvents } from "./parse-events.ts";

/** What the client was answered: the blocks of a message, streamed or whole, or its error. Null if it is neither. */
export function readAnswer(text: string): readonly Block[] | null {
  if (isEventStream(text)) return readStream(text);
  const value = parseCutJson(text)?.value;
  if (!isObject(value)) return null;
  return value["type"] === "error" ? [readError(value)] : readBlocks(value["content"]);
}

/** A block while its deltas come. */
interface Growing {
  readonly start: Readonly<Record<string, unknown>>;
  readonly pieces: string[];
}

function readStream(text: string): Block[] {
  const growing = new Map<number, Growing>();
  const errors: Block[] = [];
  for (const { data } of parseEvents(text)) {
    const event = parseCutJson(data)?.value;
    if (!isObject(event)) continue;
    const { type, index, content_block: start, delta } = event;
    if (type === "error") errors.push(readError(event));
    if (typeof index !== "number") continue;
    if (type === "content_block_start" && isObject(start)) growing.set(index, { start, pieces: [] });
    if (type === "content_block_delta" && isObject(delta)) growing.get(index)?.pieces.push(readDelta(delta));
  }
  return [...growing.values().map(join), ...errors].flat();
}

function readDelta(delta: Readonly<Record<string, unknown>>): string {
  for (const name of ["text", "thinking", "partial_json"] as const) {
    const piece = delta[name];
    if (typeof piece === "string") return piece;
  }
  return "";
}

function join({ start, pieces }: Growing): Block[] {
  const text = pieces.join("");
  if (text === "") return readBlocks([start]);
  switch (start["type"]) {
    case "text":
      return readBlocks([{ type: "text", text }]);
    case "thinking":
      return readBlocks([{ type: "thinking", thinking: text }]);
    default:
      // Arguments that are no JSON are shown as they came.
      return readBlocks([{ ...start, input: parseCutJson(text)?.value ?? text }]);
  }
}

function readError({ error }: Readonly<Record<string, unknown>>): Block {
  const { type, message } = isObject(error) ? error : {};
  const title = typeof type === "string" ? `Error: ${type}` : "Error";
  return { kind: "other", title, text: typeof message === "string" ? message : "", isError: true };
}
