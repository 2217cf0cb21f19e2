import type { ErrorFacts } from "../failures/error-facts.ts";
import type { SentParts } from "./sent-parts.ts";
import type { SharedRepair } from "./shared-repair.ts";

/** Rule 1.1, the form of the output: the repair for an error about it, or null. */
export function findFormatFault(facts: ErrorFacts, { outputFormat }: SentParts): SharedRepair | null {
  const text = facts.text.toLowerCase();
  if (outputFormat === undefined || !speaksOfFormat.test(`${text} ${facts.field}`)) return null;
  const to = outputFormat === "json_schema" ? "json_object" : "prompt";
  const concernsAll = unknownFormat.test(text) && !clientSchema.test(`${text} ${facts.names.join(" ")}`);
  return { kind: "loosen-response-format", to, scope: concernsAll ? "model" : "request" };
}

/** The last is its name in the Responses API. */
const speaksOfFormat = /response_?format|json_schema|json_object|text\.format/;

/** The format is unknown, whatever schema it contains. */
const unknownFormat =
  /(?:response_?format|text\.format|json_(?:schema|object))[^.]{0,60}\b(?:not support|not available|unavailable|unsupported|unknown|not implemented|deprecated)|\b(?:not support|unsupported|unknown|unrecogni[sz]ed|extra)[^.]{0,40}(?:response_?format|text\.format|json_(?:schema|object))|(?:response_?format|text\.format)\.type/;

/** The fault is in the schema, which is the client's. */
const clientSchema =
  /invalid[ _](?:json[ _])?schema|schema[.:[]|schema for\b|propert|keyword|\$ref|in context/;
