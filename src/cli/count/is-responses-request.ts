import { type JsonObject, nonEmptyString } from "../../json/json-value.ts";

/**
 * Recognises a responses request by its `input`: a list, or a text beside the name of a model, because an object with a
 * text of that name alone may be anything. Requests of the other two kinds have `messages` instead.
 */
export function isResponsesRequest({ input, model }: JsonObject): boolean {
  return Array.isArray(input) || (typeof input === "string" && nonEmptyString(model) !== undefined);
}
