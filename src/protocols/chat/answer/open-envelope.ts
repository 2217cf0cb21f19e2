import { isJsonObject } from "../../../json/json-value.ts";

/** Under which hosted gateways wrap a whole completion or a chunk: `{data: {choices: […]}, success: true}`. */
const envelopeMembers = ["data", "result", "response", "output"] as const;

/**
 * The completion or chunk inside of an envelope, with the usage that stands beside it; any other value as it is, and
 * what tells of a failure too, since its words are outside (rule 4.8).
 */
export function openEnvelope(value: unknown): unknown {
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
