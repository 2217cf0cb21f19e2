import { isJsonObject, type JsonObject } from "../../json/json-value.ts";

/** Always converts the input of a call to an object: Ollama and others refuse anything else in the history. */
export function objectOfInput(input: unknown): JsonObject {
  if (input === undefined || input === null || input === "") return {};
  return isJsonObject(input) ? input : { value: input };
}
