import { deflateRawSync } from "node:zlib";
import { isJsonObject } from "../../json/json-value.ts";
import type { EnvelopeFamily } from "../../profiles/model-traits.ts";
import { envelopePrefix, hashVisibleThinking } from "./reasoning-envelope.ts";

/** Members of a reasoning detail that may contain the same text that the client sees. */
const textMembers = ["text", "summary"] as const;

/** The content of an envelope. */
export interface EnvelopeContent {
  family: EnvelopeFamily;
  /** The upstream's model id. */
  model: string;
  /** The text of the block that carries the envelope, "" if it shows none. */
  visibleText: string;
  /** The reasoning text if the client does not see it. */
  hiddenText?: string | undefined;
  details?: readonly unknown[] | undefined;
  toolSignatures?: readonly [string, string][] | undefined;
  opaque?: string | undefined;
}

/**
 * Encodes the signature of a thinking block, or the `data` of a redacted one, which carries reasoning to the client and
 * back (rule 6.1). Texts in the details that repeat the visible or hidden text are written as the reference 0.
 */
export function encodeEnvelope(content: EnvelopeContent): string {
  const knownText = content.hiddenText ?? content.visibleText;
  const json = JSON.stringify({
    f: content.family,
    m: content.model,
    t: content.hiddenText,
    rd: content.details?.map((detail) => referToText(detail, knownText)),
    g: content.toolSignatures,
    o: content.opaque,
    h: hashVisibleThinking(content.visibleText),
  });
  return envelopePrefix + deflateRawSync(json).toString("base64url");
}

function referToText(detail: unknown, knownText: string): unknown {
  if (!isJsonObject(detail) || knownText === "") return detail;
  const repeated = textMembers.find((member) => detail[member] === knownText);
  return repeated === undefined ? detail : { ...detail, [repeated]: 0 };
}

/** How often `resolveDetails` writes the text into the details. */
export function countReferences(details: readonly unknown[]): number {
  return details.filter(
    (detail) => isJsonObject(detail) && textMembers.some((member) => detail[member] === 0),
  ).length;
}

/** The details as they came from the upstream, with the text in place of references. Reverses `encodeEnvelope`. */
export function resolveDetails(details: readonly unknown[], knownText: string): unknown[] {
  return details.map((detail) => {
    if (!isJsonObject(detail)) return detail;
    const reference = textMembers.find((member) => detail[member] === 0);
    return reference === undefined ? detail : { ...detail, [reference]: knownText };
  });
}
