import { isObject, type Json, objectOf, objectsOf, unknownKeys } from "../../strict/json.ts";
import { isStrictSchema } from "../../strict/schema-rules.ts";
import type { ResponsesRules } from "./responses-families.ts";
import {
  invalidType,
  invalidValue,
  missingParameter,
  type ResponsesRefusal,
  refusal,
  unknownParameter,
} from "./responses-refusal.ts";

const commonKeys = [
  "model",
  "instructions",
  "input",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "max_output_tokens",
  "temperature",
  "top_p",
  "reasoning",
  "text",
  "include",
  "store",
  "stream",
];

/** Fields of Chat Completions, and what has become of them. */
const moved: Readonly<Record<string, string>> = {
  messages: "input",
  max_tokens: "max_output_tokens",
  max_completion_tokens: "max_output_tokens",
  response_format: "text.format",
  reasoning_effort: "reasoning.effort",
  verbosity: "text.verbosity",
  functions: "tools",
  function_call: "tool_choice",
};

/** Fields that the API has, and that would have it keep, cut or share what only the client may (rule 20.5). */
const never = [
  "previous_response_id",
  "conversation",
  "prompt",
  "background",
  "truncation",
  "context_management",
  "metadata",
  "user",
];

/** Faults of the fields that need no other field to be judged. */
export function findTopLevelFaults(request: Json, rules: ResponsesRules): ResponsesRefusal[] {
  return [
    ...findKeyFaults(request, rules),
    ...findValueFaults(request),
    ...findStreamFaults(request, rules),
    ...findIncludeFaults(request["include"], rules),
    ...findFormatFaults(request["text"], rules),
  ];
}

function findKeyFaults(request: Json, rules: ResponsesRules): ResponsesRefusal[] {
  return unknownKeys(request, [...commonKeys, ...rules.keys]).map((key) => {
    if (never.includes(key)) return refusal(`'${key}' must not be sent.`, key);
    const target = moved[key];
    if (target === undefined) return unknownParameter(key);
    const words = `Unsupported parameter: '${key}'. In the Responses API, this parameter has moved to '${target}'.`;
    return refusal(words, key, "unsupported_parameter");
  });
}

function findValueFaults(request: Json): ResponsesRefusal[] {
  const faults: ResponsesRefusal[] = [];
  const { model, instructions, input, store } = request;
  if (typeof model !== "string" || model === "") faults.push(missingParameter("model"));
  if (instructions !== undefined && (typeof instructions !== "string" || instructions === "")) {
    faults.push(invalidType("instructions", "a string with at least one character"));
  }
  if (!Array.isArray(input) || input.length === 0) faults.push(invalidType("input", "a list of items"));
  if (store !== false) faults.push(refusal("'store' must be false: nobody asked to keep this.", "store"));
  faults.push(...findLimitFaults(request["max_output_tokens"]));
  for (const [name, most] of [
    ["temperature", 2],
    ["top_p", 1],
  ] as const) {
    const value = request[name];
    const isIn = typeof value === "number" && value >= 0 && value <= most;
    if (value !== undefined && !isIn) faults.push(invalidType(name, `a number from 0 to ${most}`));
  }
  for (const name of ["prompt_cache_key", "safety_identifier"]) {
    const value = request[name];
    if (value !== undefined && (typeof value !== "string" || value === "")) {
      faults.push(invalidType(name, "a string"));
    } else if (typeof value === "string" && value.length > 64) faults.push(tooLong(name, value, 64));
  }
  return faults;
}

/** A string that is longer than `most` characters. */
export function tooLong(param: string, value: string, most: number): ResponsesRefusal {
  return refusal(
    `Invalid '${param}': string too long. Expected a string with maximum length ${most}, but got a string with length ${value.length} instead.`,
    param,
    "string_above_max_length",
  );
}

function findLimitFaults(limit: unknown): ResponsesRefusal[] {
  const param = "max_output_tokens";
  if (limit === undefined) return [];
  if (!Number.isInteger(limit)) return [invalidType(param, "an integer")];
  if (Number(limit) >= 16) return [];
  const message = `Invalid '${param}': integer below minimum value. Expected a value >= 16, but got ${String(limit)} instead.`;
  return [refusal(message, param, "integer_below_min_value")];
}

function findStreamFaults(request: Json, rules: ResponsesRules): ResponsesRefusal[] {
  const { stream, stream_options: options } = request;
  if (stream !== undefined && typeof stream !== "boolean") return [invalidType("stream", "a boolean")];
  if (options === undefined) {
    const hasPadding = rules.obfuscates === true && stream === true;
    return hasPadding
      ? [refusal("Every delta would have padding.", "stream_options.include_obfuscation")]
      : [];
  }
  if (stream !== true) {
    return [
      refusal("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options"),
    ];
  }
  return unknownKeys(objectOf(options), ["include_obfuscation"]).map((key) =>
    unknownParameter(`stream_options.${key}`),
  );
}

function findIncludeFaults(include: unknown, rules: ResponsesRules): ResponsesRefusal[] {
  if (include === undefined) return [];
  if (!Array.isArray(include) || include.length === 0) return [invalidType("include", "a list of values")];
  return include.flatMap((value: unknown, index) =>
    rules.includes.includes(String(value)) ? [] : [invalidValue(`include[${index}]`, value, rules.includes)],
  );
}

function findFormatFaults(text: unknown, rules: ResponsesRules): ResponsesRefusal[] {
  if (text === undefined) return [];
  const { format } = objectOf(text);
  const faults = unknownKeys(objectOf(text), ["format"]).map((key) => unknownParameter(`text.${key}`));
  if (rules.ignoresFormat === true) return [...faults, refusal("'text.format' is not read.", "text.format")];
  if (!isObject(format)) return [...faults, missingParameter("text.format")];
  const { type, name, schema, strict } = format;
  if (type === "json_object") return faults;
  if (type !== "json_schema") {
    return [...faults, invalidValue("text.format.type", type, ["json_object", "json_schema", "text"])];
  }
  const keys = ["type", "name", "schema", "strict", "description"];
  faults.push(...unknownKeys(format, keys).map((key) => unknownParameter(`text.format.${key}`)));
  if (typeof name !== "string") faults.push(missingParameter("text.format.name"));
  if (!isObject(schema)) faults.push(missingParameter("text.format.schema"));
  else if (strict === true && !isStrictSchema(schema)) {
    faults.push(
      refusal("Invalid schema for response_format 'output'.", "text.format.schema", "invalid_json_schema"),
    );
  }
  return faults;
}

/** True when the request says the word that JSON mode asks for, outside of its instructions. */
export function saysJson(input: unknown): boolean {
  return /json/i.test(JSON.stringify(objectsOf(input)));
}
