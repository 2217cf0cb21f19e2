import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import { countImageTokens } from "./count-image-tokens.ts";
import { addText, createPart, type RequestPart } from "./request-part.ts";

// Rule 7. Every model adds some tokens of its own around each of these.
const messageTokens = 4;
const toolCallTokens = 8;
const toolResultTokens = 6;
const replyPrimerTokens = 3;
const toolTokens = 8;
const toolsTokens = 12;
const forcedToolChoiceTokens = 10;
const outputSchemaTokens = 20;

/** Adds a part for one message, whose texts are added to the part that is returned. */
export function addMessagePart(parts: RequestPart[], role: string, label: string): RequestPart {
  const section = role === "system" || role === "developer" ? "system" : "message";
  const part = createPart(section, label, messageTokens);
  parts.push(part);
  return part;
}

/** Adds what a tool's result costs beside its text. */
export function addResultOverhead(main: RequestPart): void {
  main.fixedTokens += toolResultTokens;
}

/** Adds a call to the part of its message. */
export function addToolCall(main: RequestPart, name: unknown, text: unknown): void {
  main.fixedTokens += toolCallTokens;
  addText(main, name);
  addText(main, text);
}

/** @param place of the image: `message 3` */
export function addImagePart(parts: RequestPart[], url: unknown, place: string, model: string): void {
  parts.push(createPart("image", `image in ${place}`, countImageTokens(url, model)));
}

/**
 * Adds a part for a document; anything but a text adds nothing.
 * @param place of the document: `message 3`
 */
export function addDocumentPart(parts: RequestPart[], document: unknown, place: string): void {
  if (typeof document !== "string") return;
  const part = createPart("document", `document in ${place}`, 0);
  part.items.push({ kind: "document", content: document });
  parts.push(part);
}

/** A tool as it is counted: it costs what its definition is as JSON. */
export interface CountedTool {
  name: string | undefined;
  definition: object;
}

/** Adds a part for tools as such, and one for each of them, which `read` finds in the form of its wire. */
export function addTools(
  parts: RequestPart[],
  tools: unknown,
  read: (tool: JsonObject) => CountedTool,
): void {
  if (!Array.isArray(tools) || tools.length === 0) return;
  parts.push(createPart("overhead", "tools", toolsTokens));
  for (const tool of tools) {
    if (!isJsonObject(tool)) continue;
    const { name, definition } = read(tool);
    parts.push(createPart("tool", `tool ${name}`, toolTokens, JSON.stringify(definition)));
  }
}

/** Adds a part for the schema that the output has to fit. */
export function addOutputSchemaPart(parts: RequestPart[], schema: unknown): void {
  parts.push(createPart("overhead", "output schema", outputSchemaTokens, JSON.stringify(schema)));
}

/** Adds the parts for a choice that makes the model call a tool, and for the start of the reply. */
export function addClosingParts(parts: RequestPart[], isChoiceForced: boolean): void {
  if (isChoiceForced) parts.push(createPart("overhead", "tool choice", forcedToolChoiceTokens));
  parts.push(createPart("overhead", "start of the reply", replyPrimerTokens));
}
