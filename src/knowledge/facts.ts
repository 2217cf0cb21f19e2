import type { ModelFacts, ModelPrice } from "../config/file-config.ts";
import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import { unseenCharacters } from "../json/unseen-characters.ts";
import { readDecimal, readWholeNumber } from "../json/whole-number.ts";

/** Facts of models by the ids that their upstream lists. */
export type FactsByModel = ReadonlyMap<string, ModelFacts>;

/** The id that stands for every model of an upstream that serves only one, whatever it is called. */
export const anyModel = "*";

/** Nothing is known of the model. */
export const noFacts: ModelFacts = {
  window: null,
  maxOutput: null,
  images: null,
  pdf: null,
  tools: null,
  reasoning: null,
  price: null,
  name: null,
};

/** Models of an upstream that are kept; the largest list that is known has 600. */
export const mostModels = 2_000;
/** Longest id, in characters. */
const longestId = 300;
const longestName = 100;
const mostTokens = 100_000_000;
/** Dollars for a million tokens. */
const mostUsd = 100_000;

/** A variant of a model at OpenRouter: `:nitro`, `:online`. */
const variant = /:[a-z]+$/;

/** What a list says of a model, which may be asked for by a shorter or a longer name; `noFacts` if it does not have it. */
export function findFacts(models: FactsByModel, model: string): ModelFacts {
  return (
    models.get(model) ??
    models.get(`${model}:latest`) ??
    models.get(model.replace(variant, "")) ??
    models.get(anyModel) ??
    noFacts
  );
}

/** What is known of a model by both; where both know something, `over` counts. */
export function layOverFacts(under: ModelFacts, over: ModelFacts): ModelFacts {
  return {
    window: over.window ?? under.window,
    maxOutput: over.maxOutput ?? under.maxOutput,
    images: over.images ?? under.images,
    pdf: over.pdf ?? under.pdf,
    tools: over.tools ?? under.tools,
    reasoning: over.reasoning ?? under.reasoning,
    price: over.price ?? under.price,
    name: over.name ?? under.name,
  };
}

/** A model id from outside; null if it is none, or no usual one. */
export function readId(value: unknown): string | null {
  const isId = typeof value === "string" && value !== "" && value.length <= longestId;
  return isId && value.search(unseenCharacters) === -1 ? value : null;
}

/** A name from outside that people read; null if it is none. */
export function readName(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const name = value
    .slice(0, 2 * longestName)
    .replace(unseenCharacters, "")
    .trim()
    .slice(0, longestName);
  return name === "" ? null : name;
}

/** A number of tokens from outside, more than 0; null if it is none. */
export function readTokens(value: unknown): number | null {
  const tokens = readWholeNumber(value);
  return tokens === null || tokens === 0 || tokens > mostTokens ? null : tokens;
}

/** The first of these members that is a number of tokens; null if none is. */
export function findTokens(object: JsonObject, members: readonly string[]): number | null {
  for (const member of members) {
    const tokens = readTokens(object[member]);
    if (tokens !== null) return tokens;
  }
  return null;
}

/** A yes or no from outside; null if it is neither. */
export function readBoolean(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}

/** Whether an outside list has the entry; null if it is no list. */
export function listHas(list: unknown, entry: string): boolean | null {
  return Array.isArray(list) ? list.includes(entry) : null;
}

/**
 * A price from outside; null if it lacks what a request or its answer costs.
 * @param perToken whether the numbers are dollars a token, and not a million
 */
export function readPrice(
  value: unknown,
  names: readonly [input: string, output: string, cacheRead: string, cacheWrite: string],
  perToken: boolean,
): ModelPrice | null {
  if (!isJsonObject(value)) return null;
  const [input = null, output = null, cacheRead = null, cacheWrite = null] = names.map((name) => {
    const usd = readDecimal(value[name]);
    if (usd === null) return null;
    // Without the digits that a product of fractions gains.
    const usdPerMillion = perToken ? Math.round(usd * 1e12) / 1e6 : usd;
    return usdPerMillion > mostUsd ? null : usdPerMillion;
  });
  return input === null || output === null ? null : { input, output, cacheRead, cacheWrite };
}
