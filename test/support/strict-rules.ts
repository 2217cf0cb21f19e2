import type { ProfileId } from "../../src/profiles/profile-ids.ts";
import { type FamilyRules, familyRules } from "./strict/families.ts";
import { isObject, type Json, objectOf, objectsOf, unknownKeys } from "./strict/json.ts";
import { findLeftovers, findMarkFaults } from "./strict/leftovers.ts";
import { findMessageFaults } from "./strict/message-rules.ts";
import {
  findSchemaFaults,
  findSchemaReader,
  isStrictSchema,
  type SchemaReader,
} from "./strict/schema-rules.ts";
import { findToolFaults, thinks } from "./strict/tool-rules.ts";

const commonKeys = [
  "model",
  "messages",
  "stream",
  "stream_options",
  "temperature",
  "top_p",
  "stop",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "response_format",
  "frequency_penalty",
  "presence_penalty",
  "seed",
  "n",
  "user",
  "logprobs",
  "top_logprobs",
];

/**
 * Everything for which a real server of this family would refuse the chat request, or silently do something
 * else than was meant. An empty list for a request that is in order.
 */
export function findViolations(chatRequest: unknown, family: ProfileId): string[] {
  if (!isObject(chatRequest)) return ["the body must be a JSON object"];
  const rules = familyRules[family];
  const reader = findSchemaReader(family, String(chatRequest["model"]));
  return [
    ...findTopLevelFaults(chatRequest, rules, family),
    ...findFormatFaults(chatRequest, rules, reader),
    ...findModelFaults(chatRequest, family),
    ...findMessageFaults(chatRequest["messages"], rules),
    ...findToolFaults(chatRequest, rules, reader),
    ...findReasoningFaults(chatRequest, rules),
    ...findLeftovers(chatRequest["messages"], rules, "messages"),
    ...findLeftovers(chatRequest["tools"], rules, "tools"),
    ...findMarkFaults(chatRequest, rules),
  ];
}

function findTopLevelFaults(chatRequest: Json, rules: FamilyRules, family: ProfileId): string[] {
  const faults = unknownKeys(chatRequest, [...commonKeys, ...rules.keys]).map((key) => `${key} is unknown`);
  const { model, temperature, top_p: topP, stop, stream } = chatRequest;
  if (typeof model !== "string" || model === "") faults.push("model is missing");
  for (const key of ["max_tokens", "max_completion_tokens"]) {
    const limit = chatRequest[key];
    if (limit !== undefined && !(Number.isInteger(limit) && Number(limit) >= 1))
      faults.push(`${key} must be positive`);
  }
  if ("max_tokens" in chatRequest && "max_completion_tokens" in chatRequest) {
    faults.push("max_tokens beside max_completion_tokens");
  }
  const { minTemperature = 0, maxTemperature = 2 } = rules;
  if (!isIn(temperature, minTemperature, maxTemperature)) faults.push("temperature is out of range");
  if (!isIn(topP, 0, 1)) faults.push("top_p is out of range");
  if (stop !== undefined) faults.push(...findStopFaults(stop, rules.maxStop ?? 4));
  if (stream !== undefined && typeof stream !== "boolean") faults.push("stream must be a boolean");
  if ("stream_options" in chatRequest) {
    if (family === "mistral") faults.push("stream_options: Extra inputs are not permitted");
    else if (stream !== true) faults.push("stream_options without stream");
  }
  return faults;
}

/** Absent, or a number within the limits. */
function isIn(value: unknown, low: number, high: number): boolean {
  return value === undefined || (typeof value === "number" && value >= low && value <= high);
}

function findStopFaults(stop: unknown, most: number): string[] {
  if (!Array.isArray(stop) || stop.length === 0) return ["stop must be a list with at least one entry"];
  if (stop.length > most) return [`${stop.length} stop sequences, at most ${most}`];
  return stop.every((item) => typeof item === "string" && item.trim() !== "")
    ? []
    : ["stop has an empty entry"];
}

function findFormatFaults(chatRequest: Json, rules: FamilyRules, reader: SchemaReader | null): string[] {
  const format = chatRequest["response_format"];
  if (format === undefined) return [];
  const { type, json_schema: held } = objectOf(format);
  const { name, schema, strict } = objectOf(held);
  const faults: string[] = [];
  if (rules.refusesFormatWithTools === true && "tools" in chatRequest)
    faults.push("response_format beside tools");
  if (type === "json_schema") {
    if (rules.jsonObjectOnly === true) faults.push('response_format "json_schema" is unknown');
    if (typeof name !== "string" || !isObject(schema)) {
      faults.push("response_format.json_schema needs a name and a schema");
    }
    if (strict === true && !isStrictSchema(schema))
      faults.push("response_format.json_schema.schema is no schema for strict");
    // What a grammar is made of is read wherever it stands.
    if (reader === "llamacpp") faults.push(...findSchemaFaults(schema, reader));
  } else if (type !== "json_object" && type !== "text") {
    faults.push("response_format.type is unknown");
  }
  return faults;
}

/** Rules of single models. */
function findModelFaults(chatRequest: Json, family: ProfileId): string[] {
  const model = String(chatRequest["model"]);
  const faults: string[] = [];
  if (family === "openai" && /^(gpt-5|o\d)/.test(model)) {
    if ("max_tokens" in chatRequest) {
      faults.push("'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.");
    }
    if ("stop" in chatRequest) faults.push("'stop' is not supported with this model");
    const isLate = Number(/^gpt-5\.(\d+)/.exec(model)?.[1] ?? 0) >= 4;
    if (isLate && "tools" in chatRequest && chatRequest["reasoning_effort"] !== "none") {
      faults.push(
        `Function tools with reasoning_effort are not supported for ${model} in /v1/chat/completions`,
      );
    }
  }
  if (family === "kimi" && /^kimi-k([3-9]|2\.[5-9])/.test(model)) {
    if ("temperature" in chatRequest) faults.push("invalid temperature: only 1 is allowed for this model");
    if ("top_p" in chatRequest) faults.push("invalid top_p for this model");
    if (/^kimi-k3/.test(model) && "thinking" in chatRequest) faults.push("thinking is unknown to this model");
  }
  if (family === "gemini" && /^gemini-[3-9]/.test(model)) {
    objectsOf(chatRequest["messages"]).forEach((message, index) => {
      const first = objectsOf(message["tool_calls"])[0];
      if (first === undefined) return;
      const { thought_signature: signature } = objectOf(objectOf(first["extra_content"])["google"]);
      if (typeof signature === "string" && signature !== "") return;
      faults.push(`messages[${index}]: Function call is missing a thought_signature in functionCall parts.`);
    });
  }
  if (family === "openrouter" && model.startsWith("mistralai/")) {
    const calls = objectsOf(chatRequest["messages"]).flatMap((message) => objectsOf(message["tool_calls"]));
    const wrong = calls.map((call) => String(call["id"])).filter((id) => !/^[a-zA-Z0-9]{9}$/.test(id));
    faults.push(
      ...wrong.map((id) => `Tool call id was ${id} but must be a-z, A-Z, 0-9, with a length of 9.`),
    );
  }
  return faults;
}

function findReasoningFaults(chatRequest: Json, rules: FamilyRules): string[] {
  const faults: string[] = [];
  const effort = chatRequest["reasoning_effort"];
  if (effort !== undefined && rules.reasoningEfforts?.includes(String(effort)) === false) {
    faults.push(`reasoning_effort ${JSON.stringify(effort)} is unknown`);
  }
  const reasoning = objectOf(chatRequest["reasoning"]);
  if ("effort" in reasoning && "max_tokens" in reasoning)
    faults.push("reasoning.effort beside reasoning.max_tokens");
  if (rules.demandsReasoning === undefined || !thinks(chatRequest)) return faults;
  objectsOf(chatRequest["messages"]).forEach((message, index) => {
    if (message["role"] !== "assistant") return;
    if (rules.demandsReasoning === "with-calls" && !("tool_calls" in message)) return;
    const content = message["reasoning_content"];
    if (typeof content !== "string" || content === "") {
      faults.push(`messages[${index}]: reasoning_content in the thinking mode must be passed back`);
    }
  });
  return faults;
}
