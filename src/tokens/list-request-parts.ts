import { isJsonObject, nonEmptyString } from "../json/json-value.ts";
import { countImageTokens } from "./count-image-tokens.ts";
import type { TokenizerItem } from "./tokenizer.ts";

/**
 * As much of a chat request as counting looks at. A `ChatRequest` is one; so is whatever a person gives to the
 * `count` command, hence `unknown`: what is not understood counts nothing and never fails.
 */
export interface CountableRequest {
  model?: unknown;
  messages: readonly unknown[];
  tools?: unknown;
  tool_choice?: unknown;
  response_format?: unknown;
}

export type PartSection = "system" | "tool" | "message" | "image" | "document" | "overhead";

/** One line of the account: a message, a tool, an image … */
export interface RequestPart {
  section: PartSection;
  /** `Read`, `3 user`, `reply primer`: unique only together with the section, and not even then for tools. */
  name: string;
  /** Tokens known without a tokenizer. */
  fixedTokens: number;
  /** What is to be counted beside them, each by itself. */
  items: TokenizerItem[];
}

// Rule 7. Every model writes some tokens of its own around each of these.
const messageTokens = 4;
const replyPrimerTokens = 3;
const toolCallTokens = 8;
const toolMessageTokens = 6;
const toolTokens = 8;
const toolsTokens = 12;
const forcedToolChoiceTokens = 10;
const responseFormatTokens = 20;
// Not in rule 7, since the proxy sends no names. Source: OpenAI's cookbook, "How to count tokens with tiktoken".
const speakerNameTokens = 1;

/** All parts of a chat request in the order they are sent. Their sum is the request's count (rule 7). */
export function listRequestParts(request: CountableRequest): RequestPart[] {
  const model = nonEmptyString(request.model) ?? "";
  return [
    ...listTools(request.tools),
    ...request.messages.flatMap((message, index) => listMessage(message, index, model)),
    ...listResponseFormat(request.response_format),
    ...listToolChoice(request.tool_choice),
    part("overhead", "reply primer", replyPrimerTokens),
  ];
}

function part(
  section: PartSection,
  name: string,
  fixedTokens: number,
  texts: readonly string[] = [],
): RequestPart {
  return { section, name, fixedTokens, items: texts.map(textItem) };
}

function textItem(content: string): TokenizerItem {
  return { kind: "text", content };
}

function listTools(tools: unknown): RequestPart[] {
  if (!Array.isArray(tools) || tools.length === 0) return [];
  return [part("overhead", "tools", toolsTokens), ...tools.map(listTool)];
}

function listTool(tool: unknown): RequestPart {
  if (!isJsonObject(tool)) return part("tool", "unknown", 0);
  const definition = isJsonObject(tool["function"]) ? tool["function"] : null;
  if (definition === null) {
    const { type, parameters } = tool;
    return part("tool", nonEmptyString(type) ?? "unknown", toolTokens, [
      JSON.stringify({ type, parameters }),
    ]);
  }
  const { name, description, parameters } = definition;
  const text = JSON.stringify({ name, description, parameters });
  return part("tool", nonEmptyString(name) ?? "unknown", toolTokens, [text]);
}

function listMessage(message: unknown, index: number, model: string): RequestPart[] {
  if (!isJsonObject(message)) return [];
  const role = nonEmptyString(message["role"]) ?? "unknown";
  const section = role === "system" || role === "developer" ? "system" : "message";
  const name = `${index + 1} ${role}`;
  const main = part(section, name, messageTokens, reasoningTexts(message));
  const parts = [main, ...listContent(message["content"], main, model)];
  if (role === "tool") main.fixedTokens += toolMessageTokens;
  if (nonEmptyString(message["name"]) !== undefined) {
    main.fixedTokens += speakerNameTokens;
    main.items.push(...texts(message["name"]).map(textItem));
  }
  for (const call of asArray(message["tool_calls"])) {
    if (!isJsonObject(call) || !isJsonObject(call["function"])) continue;
    main.fixedTokens += toolCallTokens;
    main.items.push(...texts(call["function"]["name"], call["function"]["arguments"]).map(textItem));
  }
  return parts;
}

/** Adds the text of `content` to `main` and returns the rest of it as parts of their own. */
function listContent(content: unknown, main: RequestPart, model: string): RequestPart[] {
  main.items.push(...texts(content).map(textItem));
  const others: RequestPart[] = [];
  for (const item of asArray(content)) {
    if (!isJsonObject(item)) continue;
    main.items.push(...texts(item["text"]).map(textItem));
    if (isJsonObject(item["image_url"])) {
      others.push(part("image", main.name, countImageTokens(item["image_url"]["url"], model)));
    }
    const document = isJsonObject(item["file"]) ? item["file"]["file_data"] : item["document_url"];
    if (typeof document === "string") {
      others.push({ ...part("document", main.name, 0), items: [{ kind: "document", content: document }] });
    }
  }
  return others;
}

/**
 * What the model thought before, where it goes back. The same thought may stand in more than one field; the
 * first that has it is counted. Encrypted thought counts nothing: what it is charged as cannot be seen, and the
 * calibration takes it up.
 */
function reasoningTexts(message: Record<string, unknown>): string[] {
  const details = asArray(message["reasoning_details"]).filter(isJsonObject);
  const detailTexts = details.flatMap((detail) => texts(detail["text"], detail["summary"]));
  if (detailTexts.length > 0) return detailTexts;
  return texts(nonEmptyString(message["reasoning_content"]) ?? message["reasoning"]);
}

function listResponseFormat(format: unknown): RequestPart[] {
  if (!isJsonObject(format) || !isJsonObject(format["json_schema"])) return [];
  const { schema } = format["json_schema"];
  if (!isJsonObject(schema)) return [];
  return [part("overhead", "output schema", responseFormatTokens, [JSON.stringify(schema)])];
}

function listToolChoice(choice: unknown): RequestPart[] {
  const isForced = choice === "required" || choice === "any" || isJsonObject(choice);
  return isForced ? [part("overhead", "tool choice", forcedToolChoiceTokens)] : [];
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function texts(...values: readonly unknown[]): string[] {
  return values.filter((value): value is string => typeof value === "string" && value !== "");
}
