import { isJsonObject, type JsonObject } from "../../../json/json-value.ts";

/** Hosted gateways wrap a whole completion or a chunk under these: `{data: {choices: […]}, success: true}`. */
const envelopeMembers = ["data", "result", "response", "output"] as const;

/**
 * The completion or chunk inside an envelope, with the usage beside it. Any other value is returned unchanged, and so
 * is one that reports a failure, because its message is outside (rule 4.8).
 */
export function openEnvelope<Value>(value: Value): Value | JsonObject {
  if (!isJsonObject(value) || value["choices"] !== undefined) return value;
  if (value["success"] === false || value["error"]) return value;
  for (const name of envelopeMembers) {
    const inside = value[name];
    if (!isJsonObject(inside) || !Array.isArray(inside["choices"])) continue;
    return value["usage"] === undefined || inside["usage"] !== undefined
      ? inside
      : { ...inside, usage: value["usage"] };
  }
  return value;
}
