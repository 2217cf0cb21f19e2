import { isJsonObject, type JsonObject, nonEmptyString } from "../json/json-value.ts";
import { countImageTokens } from "./count-image-tokens.ts";
import { createPart, type RequestPart, textItems } from "./request-part.ts";

// Rule 7. Every model writes some tokens of its own around each of these.
const messageTokens = 4;
const toolCallTokens = 8;
const toolMessageTokens = 6;
// Not in rule 7, since the proxy sends no names. Source: OpenAI's cookbook, "How to count tokens with tiktoken".
const speakerNameTokens = 1;

/**
 * One message of a chat request: a part with all of its text and tool calls, and one for each image and document.
 * @param position where it stands among the messages, from 1
 */
export function listMessageParts(message: unknown, position: number, model: string): RequestPart[] {
  if (!isJsonObject(message)) return [];
  const role = nonEmptyString(message["role"]) ?? "unknown";
  const section = role === "system" || role === "developer" ? "system" : "message";
  const main = createPart(section, `message ${position} (${role})`, messageTokens);
  main.items.push(...textItems(...reasoningTexts(message), message["content"]));
  if (role === "tool") main.fixedTokens += toolMessageTokens;
  addSpeakerName(main, message["name"]);

  const parts = [main];
  for (const item of objectsOf(message["content"])) {
    main.items.push(...textItems(item["text"]));
    parts.push(...listMediaParts(item, position, model));
  }
  for (const call of objectsOf(message["tool_calls"])) addToolCall(main, call["function"]);
  return parts;
}

function addSpeakerName(main: RequestPart, name: unknown): void {
  if (nonEmptyString(name) === undefined) return;
  main.fixedTokens += speakerNameTokens;
  main.items.push(...textItems(name));
}

function addToolCall(main: RequestPart, call: unknown): void {
  if (!isJsonObject(call)) return;
  main.fixedTokens += toolCallTokens;
  main.items.push(...textItems(call["name"], call["arguments"]));
}

function listMediaParts(item: JsonObject, position: number, model: string): RequestPart[] {
  if (isJsonObject(item["image_url"])) {
    const tokens = countImageTokens(item["image_url"]["url"], model);
    return [createPart("image", `image in message ${position}`, tokens)];
  }
  const document = isJsonObject(item["file"]) ? item["file"]["file_data"] : item["document_url"];
  if (typeof document !== "string") return [];
  const part = createPart("document", `document in message ${position}`, 0);
  part.items.push({ kind: "document", content: document });
  return [part];
}

/**
 * What the model thought before, where it goes back. The same thought may stand in more than one field: the first
 * that has it is counted. Encrypted thought counts nothing, since what it is charged as cannot be seen; the
 * calibration takes it up.
 */
function reasoningTexts(message: JsonObject): readonly unknown[] {
  const details = objectsOf(message["reasoning_details"]).flatMap(({ text, summary }) => [text, summary]);
  if (textItems(...details).length > 0) return details;
  return [nonEmptyString(message["reasoning_content"]) ?? message["reasoning"]];
}

function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
