import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import { readWholeNumber } from "../../json/whole-number.ts";

/** A count of tokens, from 0 to 2^53-1. Some servers estimate and send a fraction. Null for anything else. */
export function readCount(value: unknown): number | null {
  return readWholeNumber(typeof value === "number" ? Math.round(value) : value);
}

/** The count in one of the objects inside a usage object, such as `input_tokens_details`; null if there is none. */
export function readDetail(usage: JsonObject, details: string, name: string): number | null {
  const object = usage[details];
  return isJsonObject(object) ? readCount(object[name]) : null;
}

/** All output tokens. xAI leaves thinking out of the output; only `total_tokens` includes it. */
export function countAllOutput(
  usage: JsonObject,
  counts: { prompt: number; output: number; thinking: number },
): number {
  const { prompt, output, thinking } = counts;
  const isLeftOut = thinking > 0 && readCount(usage["total_tokens"]) === prompt + output + thinking;
  return isLeftOut ? output + thinking : output;
}
