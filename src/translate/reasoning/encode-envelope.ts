import { deflateRawSync } from "node:zlib";
import { isJsonObject } from "../../json/json-value.ts";
import { type EnvelopeContent, envelopePrefix, hashVisibleThinking } from "./reasoning-envelope.ts";

/** Members of a reasoning detail that may hold the very text that the client sees. */
const textMembers = ["text", "summary"] as const;

/**
 * The signature of a thinking block, or the `data` of a redacted one, that carries `content` to the client
 * (rule 6.1). `visibleText` is the text of that block, "" when it shows none; texts in the details that repeat it
 * are written as the reference 0.
 */
export function encodeEnvelope(content: EnvelopeContent, visibleText: string): string {
  const knownText = visibleText === "" ? content.text : visibleText;
  const json = JSON.stringify({
    f: content.family,
    m: content.model,
    t: content.text,
    rd: content.details?.map((detail) => referToText(detail, knownText)),
    g: content.toolSignatures,
    h: hashVisibleThinking(visibleText),
  });
  return envelopePrefix + deflateRawSync(json).toString("base64url");
}

function referToText(detail: unknown, knownText: string | undefined): unknown {
  if (!isJsonObject(detail) || knownText === undefined) return detail;
  const repeated = textMembers.find((member) => detail[member] === knownText);
  return repeated === undefined ? detail : { ...detail, [repeated]: 0 };
}

/** The details as they came from the upstream: references are the text again. Undoes `encodeEnvelope`. */
export function resolveDetails(details: readonly unknown[], knownText: string): unknown[] {
  return details.map((detail) => {
    if (!isJsonObject(detail)) return detail;
    const reference = textMembers.find((member) => detail[member] === 0);
    return reference === undefined ? detail : { ...detail, [reference]: knownText };
  });
}
