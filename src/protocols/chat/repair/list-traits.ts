import { isJsonObject } from "../../../json/json-value.ts";
import { addSharedTraits } from "../../../translate/refusals/add-shared-traits.ts";
import { isForcedChoice } from "../../../translate/refusals/forced-choice.ts";
import { sharedRefusedTrait } from "../../../translate/refusals/shared-repair.ts";
import type { ChatRequest, ChatTool } from "../chat-request.ts";
import { hasImage } from "./omit-images.ts";
import type { ChatRepair } from "./repair.ts";
import { isThinkingOff, type ThinkingForm } from "./switch-thinking-off.ts";
import { asksForThinking, findThinkingLevel } from "./thinking-fields.ts";

const thinkingForms: readonly ThinkingForm[] = ["openrouter", "effort", "qwen", "thinking"];

/** Optional members of an assistant's messages that not every server accepts. */
const messageFields = ["reasoning", "reasoning_content", "prefix", "extra_content"];

/** Optional fields in messages and tools, each once. */
export function listInnerFields(sent: ChatRequest): string[] {
  const fields = new Set<string>();
  addInnerFields(fields, sent);
  return [...fields];
}

function addInnerFields(fields: Set<string>, { messages, tools }: ChatRequest): void {
  for (const message of messages) {
    if (message.role === "assistant") {
      for (const field of messageFields) if (field in message) fields.add(field);
    }
    if (!Array.isArray(message.content)) continue;
    for (const part of message.content) if ("cache_control" in part) fields.add("cache_control");
  }
  for (const tool of tools ?? []) {
    if (tool.type === "function" && tool.function.strict !== undefined) fields.add("strict");
    if ("cache_control" in tool) fields.add("cache_control");
  }
}

/**
 * Adds the parts of a chat request that some upstreams refuse: its fields, at most `mostFields` of them, and the causes
 * of other kinds of repairs. An upstream that accepted such a request accepts each of them. This runs for every answer,
 * so it adds to an existing set and creates no lists.
 */
export function addTraits(traits: Set<string>, sent: ChatRequest, mostFields: number): void {
  const isThinking = asksForThinking(sent);
  addSharedTraits(traits, sent, mostFields, {
    asksForThinking: isThinking,
    hasImages: sent.messages.some(hasImage),
    outputFormat: sent.response_format?.["type"],
    thinkingLevel: isThinking ? findThinkingLevel(sent) : null,
  });
  addInnerFields(traits, sent);
  if (isForcedChoice(sent.tool_choice) && !thinkingForms.some((form) => isThinkingOff(sent, form)))
    traits.add("forced choice while thinking");
  let roleBefore = "";
  for (const message of sent.messages) {
    if (message.role === "user" && roleBefore === "tool") traits.add("user behind tool");
    roleBefore = message.role;
  }
  if (sent.tools === undefined) return;
  if (sent.reasoning_effort !== "none") traits.add("tools beside thinking");
  if (sent.tools.some((tool) => tool.type === "function" && hasEmptyParameters(tool)))
    traits.add("tool without properties");
}

/** The trait that a refusal with this repair was about, or null if numbers or one request are at fault. */
export function refusedTrait(repair: ChatRepair): string | null {
  switch (repair.kind) {
    case "rename-output-limit":
      return repair.field === "max_tokens" ? "max_completion_tokens" : "max_tokens";
    case "effort-none-with-tools":
      return "tools beside thinking";
    case "assistant-between-tool-and-user":
      return "user behind tool";
    case "omit-empty-parameters":
      return "tool without properties";
    case "short-tool-ids":
    case "one-call-a-message":
    case "system-into-user":
      return null;
    default:
      return sharedRefusedTrait(repair);
  }
}

/** True for a tool whose `parameters` have no properties. */
export function hasEmptyParameters({ function: { parameters } }: ChatTool): boolean {
  if (parameters === undefined) return false;
  const properties = parameters["properties"];
  return !isJsonObject(properties) || Object.keys(properties).length === 0;
}
