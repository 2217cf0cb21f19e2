import { isJsonObject, nonEmptyString } from "../../../json/json-value.ts";

/** gemini: the signature in the `extra_content` of a call or of a delta, or null. */
export function findThoughtSignature(extraContent: unknown): string | null {
  const google = isJsonObject(extraContent) ? extraContent["google"] : undefined;
  return (isJsonObject(google) ? nonEmptyString(google["thought_signature"]) : undefined) ?? null;
}
