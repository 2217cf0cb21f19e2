import { isJsonObject, type JsonObject, nonEmptyString } from "../../../json/json-value.ts";
import {
  addDocumentPart,
  addImagePart,
  addMessagePart,
  addResultOverhead,
  addToolCall,
} from "../../../tokens/add-request-parts.ts";
import { addText, type RequestPart } from "../../../tokens/request-part.ts";

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
  const main = addMessagePart(parts, role, `message ${position} (${role})`);
  addReasoning(main, message);
  if (role === "tool") addResultOverhead(main);
  addSpeakerName(main, message["name"]);

  const { content, tool_calls: calls } = message;
  addText(main, content);
  if (Array.isArray(content)) {
    for (const item of content) addContentPart(parts, main, item, position, model);
  }
  if (Array.isArray(calls)) {
    for (const call of calls) {
      if (isJsonObject(call) && isJsonObject(call["function"]))
        addToolCall(main, call["function"]["name"], call["function"]["arguments"]);
    }
  }
}

function addSpeakerName(main: RequestPart, name: unknown): void {
  if (nonEmptyString(name) === undefined) return;
  main.fixedTokens += speakerNameTokens;
  addText(main, name);
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
    addImagePart(parts, item["image_url"]["url"], `message ${position}`, model);
    return;
  }
  const document = isJsonObject(item["file"]) ? item["file"]["file_data"] : item["document_url"];
  addDocumentPart(parts, document, `message ${position}`);
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
