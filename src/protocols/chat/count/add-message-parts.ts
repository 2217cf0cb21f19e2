import { isJsonObject, type JsonObject, nonEmptyString } from "../../../json/json-value.ts";
import { countImageTokens } from "../../../tokens/count-image-tokens.ts";
import { addText, createPart, type RequestPart } from "../../../tokens/request-part.ts";

// Rule 7. Every model adds some tokens of its own around each of these.
const messageTokens = 4;
const toolCallTokens = 8;
const toolMessageTokens = 6;
// Not in rule 7, because the proxy sends no names. Source: OpenAI's cookbook, "How to count tokens with tiktoken".
const speakerNameTokens = 1;

/**
 * Adds one message of a chat request to `parts`: a part with all of its text and tool calls, and one for each image and
 * document. This runs for every message of every request, so it loops over the existing values and creates no lists.
 * @param position the message's position, from 1
 */
export function addMessageParts(
  parts: RequestPart[],
  message: unknown,
  position: number,
  model: string,
): void {
  if (!isJsonObject(message)) return;
  const role = nonEmptyString(message["role"]) ?? "unknown";
  const section = role === "system" || role === "developer" ? "system" : "message";
  const main = createPart(section, `message ${position} (${role})`, messageTokens);
  parts.push(main);
  addReasoning(main, message);
  if (role === "tool") main.fixedTokens += toolMessageTokens;
  addSpeakerName(main, message["name"]);

  const { content, tool_calls: calls } = message;
  addText(main, content);
  if (Array.isArray(content)) {
    for (const item of content) addContentPart(parts, main, item, position, model);
  }
  if (Array.isArray(calls)) {
    for (const call of calls) addToolCall(main, call);
  }
}

function addSpeakerName(main: RequestPart, name: unknown): void {
  if (nonEmptyString(name) === undefined) return;
  main.fixedTokens += speakerNameTokens;
  addText(main, name);
}

function addToolCall(main: RequestPart, call: unknown): void {
  if (!isJsonObject(call) || !isJsonObject(call["function"])) return;
  main.fixedTokens += toolCallTokens;
  addText(main, call["function"]["name"]);
  addText(main, call["function"]["arguments"]);
}

function addContentPart(
  parts: RequestPart[],
  main: RequestPart,
  item: unknown,
  position: number,
  model: string,
): void {
  if (!isJsonObject(item)) return;
  addText(main, item["text"]);
  if (isJsonObject(item["image_url"])) {
    const tokens = countImageTokens(item["image_url"]["url"], model);
    parts.push(createPart("image", `image in message ${position}`, tokens));
    return;
  }
  const document = isJsonObject(item["file"]) ? item["file"]["file_data"] : item["document_url"];
  if (typeof document !== "string") return;
  const part = createPart("document", `document in message ${position}`, 0);
  part.items.push({ kind: "document", content: document });
  parts.push(part);
}

/**
 * Adds the model's earlier reasoning, if it goes back. The same reasoning may be in more than one field: the first one
 * that has it counts. Encrypted reasoning counts nothing, because its charge is unknown; the calibration includes it.
 */
function addReasoning(main: RequestPart, message: JsonObject): void {
  const details = message["reasoning_details"];
  if (Array.isArray(details)) {
    for (const detail of details) {
      if (!isJsonObject(detail)) continue;
      addText(main, detail["text"]);
      addText(main, detail["summary"]);
    }
  }
  if (main.items.length > 0) return;
  const { reasoning_content: content, reasoning, reasoning_text: text } = message;
  addText(main, nonEmptyString(content) ?? reasoning ?? text);
}
