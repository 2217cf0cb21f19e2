import { isJsonObject } from "../../../json/json-value.ts";
import { describeOutputSchema } from "../../../translate/conversation/read-output-format.ts";
import { freeToolChoice, limitOutput } from "../../../translate/refusals/change-request.ts";
import { isForcedChoice } from "../../../translate/refusals/forced-choice.ts";
import type { ChatMessage, ChatRequest } from "../chat-request.ts";
import { hasEmptyParameters, listInnerFields } from "./list-traits.ts";
import { omitField } from "./omit-field.ts";
import { omitImages } from "./omit-images.ts";
import type { ChatRepair } from "./repair.ts";
import { omitStrict, suitSchemas } from "./suit-schemas.ts";
import { foldSystemIntoUser, separateCalls, separateToolAndUser, shortenToolIds } from "./suit-template.ts";
import { switchThinkingOff } from "./switch-thinking-off.ts";
import { omitThinking, omitThinkingLevel } from "./thinking-fields.ts";

/**
 * The chat request with the repair applied; the same object if there is nothing to repair. The caller handles a
 * rebuild, which starts from the client's request.
 */
export function applyRepair(chatRequest: ChatRequest, repair: ChatRepair): ChatRequest {
  switch (repair.kind) {
    case "omit-field":
      return hasField(chatRequest, repair.field) ? omitField(chatRequest, repair.field) : chatRequest;
    case "rename-output-limit":
      return renameOutputLimit(chatRequest, repair.field);
    case "cap-output":
    case "raise-output":
      return limitOutput(chatRequest, outputLimitOf(chatRequest), repair);
    case "effort-none-with-tools":
      return chatRequest.tools === undefined || chatRequest.reasoning_effort === "none"
        ? chatRequest
        : { ...chatRequest, reasoning_effort: "none" };
    case "thinking-off-for-forced-choice":
      return isForcedChoice(chatRequest.tool_choice)
        ? switchThinkingOff(chatRequest, repair.form)
        : chatRequest;
    case "free-tool-choice":
      return freeToolChoice(chatRequest, repair.as);
    case "loosen-response-format":
      return loosenResponseFormat(chatRequest, repair.to);
    case "assistant-between-tool-and-user":
      return separateToolAndUser(chatRequest);
    case "omit-empty-parameters":
      return omitEmptyParameters(chatRequest);
    case "omit-thinking":
      return omitThinking(chatRequest);
    case "omit-thinking-level":
      return omitThinkingLevel(chatRequest, repair.level);
    case "omit-images":
      return omitImages(chatRequest);
    case "plainer-schemas":
      return suitSchemas(chatRequest, repair.rules);
    case "omit-strict":
      return omitStrict(chatRequest, repair.of);
    case "short-tool-ids":
      return shortenToolIds(chatRequest);
    case "one-call-a-message":
      return separateCalls(chatRequest);
    case "system-into-user":
      return foldSystemIntoUser(chatRequest);
    case "rebuild-without-reasoning":
      return chatRequest;
  }
}

function hasField(chatRequest: ChatRequest, field: string): boolean {
  return chatRequest[field] !== undefined || listInnerFields(chatRequest).includes(field);
}

function renameOutputLimit(
  chatRequest: ChatRequest,
  field: "max_tokens" | "max_completion_tokens",
): ChatRequest {
  const { max_tokens, max_completion_tokens, ...rest } = chatRequest;
  const limit = max_completion_tokens ?? max_tokens;
  const isThere = limit === undefined || chatRequest[field] === limit;
  return isThere ? chatRequest : { ...rest, [field]: limit };
}

/** The field with the output limit of a chat request. */
function outputLimitOf({ max_completion_tokens }: ChatRequest): "max_completion_tokens" | "max_tokens" {
  return max_completion_tokens === undefined ? "max_tokens" : "max_completion_tokens";
}

function loosenResponseFormat(chatRequest: ChatRequest, to: "json_object" | "prompt"): ChatRequest {
  const { response_format: format, ...rest } = chatRequest;
  if (format === undefined || (to === "json_object" && format["type"] === to)) return chatRequest;
  const definition = format["json_schema"];
  const schema = isJsonObject(definition) ? definition["schema"] : undefined;
  const messages = isJsonObject(schema)
    ? withInstruction(chatRequest.messages, describeOutputSchema(schema))
    : chatRequest.messages;
  const loosened: ChatRequest = { ...rest, messages };
  return to === "prompt" ? loosened : { ...loosened, response_format: { type: "json_object" } };
}

/** Adds an instruction at the end of the system prompt, or in one of its own. */
function withInstruction(messages: ChatMessage[], instruction: string): ChatMessage[] {
  const [first, ...rest] = messages;
  if (first === undefined || (first.role !== "system" && first.role !== "developer")) {
    return [{ role: "system", content: instruction }, ...messages];
  }
  const content =
    typeof first.content === "string"
      ? `${first.content}\n\n${instruction}`
      : [...first.content, { type: "text" as const, text: instruction }];
  return [{ ...first, content }, ...rest];
}

function omitEmptyParameters(chatRequest: ChatRequest): ChatRequest {
  const { tools } = chatRequest;
  if (tools?.some((tool) => tool.type === "function" && hasEmptyParameters(tool)) !== true)
    return chatRequest;
  return {
    ...chatRequest,
    tools: tools.map((tool) => {
      if (tool.type !== "function" || !hasEmptyParameters(tool)) return tool;
      const { parameters: _parameters, ...rest } = tool.function;
      return { ...tool, function: rest };
    }),
  };
}
