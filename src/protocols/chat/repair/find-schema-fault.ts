import { isJsonObject } from "../../../json/json-value.ts";
import type { ChatRequest } from "../chat-request.ts";
import type { ChatRepair } from "./repair.ts";
import { listStrictTools, strictOutput } from "./suit-schemas.ts";

/** What a schema that is not strict is told. */
const strictFault =
  /\bstrict\b|\bis required to be supplied\b|\bin context=|\bis not permitted\b|\badditionalproperties\b[^.]{0,40}\bfalse\b/;

const schemaFault = /\bschema\b|\bparameters\b|\bresponse_format\b/;

/** OpenAI, Gemini, and whoever passes their words on. */
const openaiFault =
  /\barray (?:schema|type|parameter) (?:missing|must have) items\b|\bitems: missing field\b|\bnot have '(?:oneof|anyof|allof)'|\b(?:anyof|oneof|allof)\b[^.\n]{0,60}\bat (?:the )?(?:top|root)[ -]?level\b/;

/** llama.cpp, the makers of grammars that vLLM and SGLang use, and OpenAI of a pattern. */
const grammarFault =
  /\bfailed to (?:parse|compile|initiali[sz]e|convert|build|create) (?:the )?(?:json[ _]schema|schema|grammar)|\berror (?:parsing|compiling) grammar\b|\bgrammar (?:error|compilation)\b|\binvalid grammar\b|\bjson schema conversion failed\b|\bunrecogni[sz]ed schema\b|\bnot supported by (?:the )?(?:x?grammar|outlines|llguidance|guidance)|\bpattern must start with\b|\brepetitions? exceeds?\b|\bis not a 'regex'/;

/** Chat templates of GigaChat, Seed-OSS and Command-R+, of a property without a type. */
const untypedFault = /\bcannot perform operation on null values\b|\bhas no attribute 'type'/;

/**
 * Rules 1.1 and 1.3.1: what an error says of a schema, or null. Only `strict` goes, and only of the schema that was
 * refused, before its form is given up. `text` is in lower case.
 */
export function findSchemaFault(text: string, sent: ChatRequest): ChatRepair | null {
  const strict = findStrictFault(text, sent);
  if (strict !== null) return strict;
  if (grammarFault.test(text)) return { kind: "plainer-schemas", rules: "grammar", scope: "model" };
  if (sent.tools === undefined) return null;
  if (openaiFault.test(text)) return { kind: "plainer-schemas", rules: "openai", scope: "model" };
  return untypedFault.test(text) ? { kind: "plainer-schemas", rules: "typed", scope: "model" } : null;
}

function findStrictFault(text: string, sent: ChatRequest): ChatRepair | null {
  if (!strictFault.test(text) || !schemaFault.test(text)) return null;
  const tool = listStrictTools(sent).find((name) => text.includes(`'${name.toLowerCase()}'`));
  if (tool !== undefined) return { kind: "omit-strict", of: tool, scope: "model" };
  const { json_schema: definition } = sent.response_format ?? {};
  const isStrict = isJsonObject(definition) && definition["strict"] === true;
  if (!isStrict || !/\bresponse_format\b|\bjson_schema\b/.test(text)) return null;
  return { kind: "omit-strict", of: strictOutput, scope: "request" };
}
