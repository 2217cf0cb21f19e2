import type { ModelFacts } from "../config/file-config.ts";
import { isJsonObject } from "../json/json-value.ts";
import { findTokens, listHas, mostModels, noFacts, readBoolean, readId, readTokens } from "./facts.ts";

/** The ids of Ollama's `/api/tags`; null if it is no such list. */
export function parseOllamaTags(tags: unknown): string[] | null {
  if (!isJsonObject(tags) || !Array.isArray(tags["models"])) return null;
  return tags["models"].slice(0, mostModels).flatMap((model: unknown) => {
    return (isJsonObject(model) ? (readId(model["model"]) ?? readId(model["name"])) : null) ?? [];
  });
}

/** The windows of the models that Ollama has loaded, by their ids: `/api/ps`. */
export function parseOllamaLoaded(loaded: unknown): ReadonlyMap<string, number> {
  const models: unknown[] = isJsonObject(loaded) && Array.isArray(loaded["models"]) ? loaded["models"] : [];
  const windows = new Map<string, number>();
  for (const model of models.slice(0, mostModels)) {
    if (!isJsonObject(model)) continue;
    const id = readId(model["model"]) ?? readId(model["name"]);
    const tokens = readTokens(model["context_length"]);
    if (id !== null && tokens !== null) windows.set(id, tokens);
  }
  return windows;
}

/**
 * The facts of Ollama's `/api/show`. The window is what the model's file sets with `num_ctx`, else what the model was
 * made for; what it is loaded with is known by `/api/ps` alone.
 */
export function parseOllamaModel(shown: unknown): ModelFacts | null {
  if (!isJsonObject(shown)) return null;
  const { capabilities, parameters, model_info: info } = shown;
  const set =
    typeof parameters === "string" ? /^num_ctx\s+(\d+)\s*$/m.exec(parameters.slice(0, 10_000)) : null;
  return {
    ...noFacts,
    window: readTokens(set?.[1]) ?? (isJsonObject(info) ? findMadeFor(info) : null),
    images: listHas(capabilities, "vision"),
    tools: listHas(capabilities, "tools"),
    reasoning: listHas(capabilities, "thinking"),
  };
}

/** `qwen3.context_length`, after the family's name. */
function findMadeFor(info: Record<string, unknown>): number | null {
  const member = Object.keys(info).find((key) => key.endsWith(".context_length"));
  return member === undefined ? null : findTokens(info, [member]);
}

/** The facts of the model that llama.cpp serves, by its `/props`; null if these are none. */
export function parseLlamacppProps(props: unknown): ModelFacts | null {
  if (!isJsonObject(props)) return null;
  const { default_generation_settings: settings, modalities } = props;
  return {
    ...noFacts,
    window: isJsonObject(settings) ? readTokens(settings["n_ctx"]) : null,
    images: isJsonObject(modalities) ? readBoolean(modalities["vision"]) : null,
  };
}
