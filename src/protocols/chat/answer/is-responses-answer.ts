import type { JsonObject } from "../../../json/json-value.ts";
import { saysError } from "../../../translate/answer/answer-failures.ts";

/**
 * Whether an object is a response, or an event of one: its server was asked on the wrong wire
 * (rule 24.8). One that reports an error is left to the reader of errors.
 */
export function isResponsesAnswer(value: object): boolean {
  const { type, object, output, error, choices }: JsonObject = { ...value };
  if (choices !== undefined || saysError(error)) return false;
  if (object === "response" && Array.isArray(output)) return true;
  return typeof type === "string" && type.startsWith("response.");
}
