import { isJsonObject, type JsonObject } from "../../json/json-value.ts";

/** The input of a call as an object, always: Ollama and others refuse anything else in the history. */
export function objectOfInput(input: unknown): JsonObject {
  if (input === undefined || input === null || input === "") return {};
  return isJsonObject(input) ? input : { value: input };
}
