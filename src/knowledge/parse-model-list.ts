import type { ModelFacts } from "../config/file-config.ts";
import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import {
  type FactsByModel,
  findTokens,
  listHas,
  mostModels,
  readBoolean,
  readId,
  readName,
  readPrice,
} from "./facts.ts";

/** The prompt's limit, as it was loaded before what the model could have. */
const windowNames = [
  // LM Studio.
  "loaded_context_length",
  // OpenRouter, Together, Kimi.
  "context_length",
  // Groq.
  "context_window",
  // vLLM, SGLang.
  "max_model_len",
  // LM Studio, Mistral.
  "max_context_length",
  // Anthropic.
  "max_input_tokens",
];

const outputNames = ["max_completion_tokens", "max_output_tokens", "max_tokens"];

/** OpenRouter's names, in dollars a token. */
const priceNames = ["prompt", "completion", "input_cache_read", "input_cache_write"] as const;

/**
 * The facts of a list of models, in the form of OpenAI with the members that OpenRouter, Groq, Mistral, Kimi, vLLM,
 * LM Studio and Anthropic add; null if it is no list. What is no model is left out, and so is what is beyond the limits
 * of `facts.ts`.
 */
export function parseModelList(list: unknown): FactsByModel | null {
  if (!isJsonObject(list) || !Array.isArray(list["data"])) return null;
  const facts = new Map<string, ModelFacts>();
  for (const entry of list["data"]) {
    if (facts.size >= mostModels) break;
    const id = isJsonObject(entry) ? readId(entry["id"]) : null;
    if (isJsonObject(entry) && id !== null) facts.set(id, readEntry(entry));
  }
  return facts;
}

function readEntry(entry: JsonObject): ModelFacts {
  const topProvider = objectOf(entry["top_provider"]);
  const { pricing, supported_parameters: parameters, capabilities } = entry;
  const modalities = objectOf(entry["architecture"])["input_modalities"];
  const able = objectOf(capabilities);
  const name = readName(entry["display_name"]) ?? readName(entry["name"]);
  return {
    window: findTokens(entry, windowNames) ?? findTokens(topProvider, ["context_length"]),
    maxOutput: findTokens(topProvider, outputNames) ?? findTokens(entry, outputNames),
    images:
      listHas(modalities, "image") ??
      ofType(entry["type"]) ??
      readBoolean(able["vision"]) ??
      isSupported(able["image_input"]) ??
      readBoolean(entry["supports_image_in"]),
    // OpenRouter reads documents for models that cannot, so that `file` missing says nothing.
    pdf: listHas(modalities, "file") === true ? true : isSupported(able["pdf_input"]),
    tools:
      listHas(parameters, "tools") ??
      readBoolean(able["function_calling"]) ??
      // LM Studio names it only where the model was trained for it; others can call tools too.
      (listHas(capabilities, "tool_use") === true ? true : null),
    reasoning:
      listHas(parameters, "reasoning") ??
      readBoolean(able["reasoning"]) ??
      isSupported(able["thinking"]) ??
      readBoolean(entry["supports_reasoning"]),
    price: readPrice(pricing, priceNames, true),
    name,
  };
}

/** LM Studio: `vlm` can see, `llm` cannot. */
function ofType(type: unknown): boolean | null {
  return type === "vlm" ? true : type === "llm" ? false : null;
}

/** Anthropic's form of a capability. */
function isSupported(capability: unknown): boolean | null {
  return readBoolean(objectOf(capability)["supported"]);
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
