import type { SentParts } from "./sent-parts.ts";
import type { SharedRepair } from "./shared-repair.ts";

/** Errors about a schema that is not strict. */
const strictFault =
  /\bstrict\b|\bis required to be supplied\b|\bin context=|\bis not permitted\b|\badditionalproperties\b[^.]{0,40}\bfalse\b/;

const schemaFault = /\bschema\b|\bparameters\b|\bresponse_format\b/;

const outputSchema = /\bresponse_format\b|\bjson_schema\b|\btext\.format\b/;

/** OpenAI, Gemini, and servers that pass on their words. */
const openaiFault =
  /\barray (?:schema|type|parameter) (?:missing|must have) items\b|\bitems: missing field\b|\bnot have '(?:oneof|anyof|allof)'|\b(?:anyof|oneof|allof)\b[^.\n]{0,60}\bat (?:the )?(?:top|root)[ -]?level\b/;

/** llama.cpp, the grammar libraries of vLLM and SGLang, and OpenAI about a pattern. */
const grammarFault =
  /\bfailed to (?:parse|compile|initiali[sz]e|convert|build|create) (?:the )?(?:json[ _]schema|schema|grammar)|\berror (?:parsing|compiling) grammar\b|\bgrammar (?:error|compilation)\b|\binvalid grammar\b|\bjson schema conversion failed\b|\bunrecogni[sz]ed schema\b|\bnot supported by (?:the )?(?:x?grammar|outlines|llguidance|guidance)|\bpattern must start with\b|\brepetitions? exceeds?\b|\bis not a 'regex'/;

/** Chat templates of GigaChat, Seed-OSS and Command-R+, about a property without a type. */
const untypedFault = /\bcannot perform operation on null values\b|\bhas no attribute 'type'/;

/**
 * Rules 1.1 and 1.3.1: the repair for an error about a schema, or null. First drops only `strict`, and only from the
 * refused schema; only after that the form of the schema. `text` is in lower case.
 */
export function findSchemaFault(text: string, sent: SentParts): SharedRepair | null {
  const strict = findStrictFault(text, sent);
  if (strict !== null) return strict;
  if (grammarFault.test(text)) return { kind: "plainer-schemas", rules: "grammar", scope: "model" };
  if (!sent.hasTools) return null;
  if (openaiFault.test(text)) return { kind: "plainer-schemas", rules: "openai", scope: "model" };
  return untypedFault.test(text) ? { kind: "plainer-schemas", rules: "typed", scope: "model" } : null;
}

function findStrictFault(text: string, sent: SentParts): SharedRepair | null {
  if (!strictFault.test(text) || !schemaFault.test(text)) return null;
  const tool = sent.strictTools.find((name) => text.includes(`'${name.toLowerCase()}'`));
  if (tool !== undefined) return { kind: "omit-strict", of: tool, scope: "model" };
  if (sent.strictOutput === null || !outputSchema.test(text)) return null;
  return { kind: "omit-strict", of: sent.strictOutput, scope: "request" };
}
