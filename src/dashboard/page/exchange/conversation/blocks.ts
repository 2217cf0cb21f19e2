import { isObject } from "../../api/check.ts";
import { writeJson } from "./write-json.ts";

/** A piece of a conversation, as it is read. */
export interface Block {
  readonly kind: "text" | "thinking" | "call" | "result" | "other";
  /** What stands above it: the name of the tool, what kind of thing it is. */
  readonly title: string;
  readonly text: string;
  readonly isError: boolean;
}

/** Results within results are read no deeper: somebody may have nested them to make the page fail. */
const deepest = 5;

/** The pieces of `content`, whatever was sent as such. */
export function readBlocks(content: unknown, depth = 0): Block[] {
  if (typeof content === "string") return [createBlock("text", "", content)];
  if (!Array.isArray(content)) return content === undefined || content === null ? [] : [readOther(content)];
  return content.map((block) => readBlock(block, depth));
}

function readBlock(block: unknown, depth: number): Block {
  if (!isObject(block)) return readOther(block);
  const { type, text, thinking } = block;
  if (type === "text" && typeof text === "string") return createBlock("text", "", text);
  if (type === "thinking" && typeof thinking === "string")
    return createBlock("thinking", "Thinking", thinking);
  if (type === "redacted_thinking") return createBlock("thinking", "Thinking, encrypted", "");
  if (type === "tool_use" || type === "server_tool_use") return readCall(block);
  if (type === "tool_result" && depth < deepest) return readResult(block, depth);
  if (type === "image" || type === "document") return readFile(block);
  return readOther(block);
}

function readCall({ name, id, input }: Readonly<Record<string, unknown>>): Block {
  const title = `Tool call: ${textOr(name, "without a name")}${typeof id === "string" ? ` (${id})` : ""}`;
  return createBlock("call", title, typeof input === "string" ? input : writeJson(input));
}

function readResult(block: Readonly<Record<string, unknown>>, depth: number): Block {
  const { tool_use_id: id, content, is_error: isError } = block;
  const text = readBlocks(content, depth + 1)
    .map((inner) => (inner.title === "" ? inner.text : `[${inner.title}] ${inner.text}`))
    .join("\n");
  return {
    kind: "result",
    title: `Tool result (${textOr(id, "without an id")})`,
    text,
    isError: isError === true,
  };
}

/** An image or a document: what it is and how large, not its bytes. */
function readFile({ type, source, title }: Readonly<Record<string, unknown>>): Block {
  const { media_type: mediaType, data, url } = isObject(source) ? source : {};
  const size =
    typeof data === "string" ? `${data.length.toLocaleString("en-US")} characters` : textOr(url, "");
  const facts = [textOr(title, ""), textOr(mediaType, ""), size].filter((fact) => fact !== "");
  return createBlock("other", type === "image" ? "Image" : "Document", facts.join(", "));
}

function readOther(value: unknown): Block {
  const title = isObject(value) ? textOr(value["type"], "Unknown") : "Unknown";
  return createBlock("other", title, writeJson(value));
}

function createBlock(kind: Block["kind"], title: string, text: string): Block {
  return { kind, title, text, isError: false };
}

function textOr(value: unknown, other: string): string {
  return typeof value === "string" && value !== "" ? value : other;
}
