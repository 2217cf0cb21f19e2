import { inflateRawSync } from "node:zlib";
import { z } from "zod";
import { parseJson } from "../../json/parse-json.ts";
import { envelopeFamilies, envelopePrefix, type ReasoningEnvelope } from "./reasoning-envelope.ts";

/** Most bytes of JSON; a client could send anything, so the inflated size is bounded. */
const maxDecodedBytes = 1024 * 1024;
const maxDepth = 8;
/**
 * As many bytes as the largest body has: our own envelopes inflate to about the number of characters they were made
 * from.
 */
const maxBytesOfRequest = 32 * 1024 * 1024;

/** Bytes to which the envelopes of one request may still inflate: 1,000 characters can inflate to a million. */
export interface EnvelopeBudget {
  bytes: number;
}

/** Creates the budget of one request. */
export function createEnvelopeBudget(): EnvelopeBudget {
  return { bytes: maxBytesOfRequest };
}

const envelopeSchema = z.object({
  f: z.enum(envelopeFamilies),
  m: z.string(),
  t: z.string().optional(),
  rd: z.array(z.unknown()).optional(),
  o: z.string().optional(),
  g: z.array(z.tuple([z.string(), z.string()])).optional(),
  h: z.string(),
});

/**
 * The envelope in a signature. Null if it is not ours, is broken, or is larger than the rest of `budget`; never throws
 * (rule 6.1). Texts of the details may still be references: see `resolveDetails`.
 */
export function decodeEnvelope(
  signature: string,
  budget: EnvelopeBudget = createEnvelopeBudget(),
): ReasoningEnvelope | null {
  if (!signature.startsWith(envelopePrefix) || budget.bytes === 0) return null;
  const parsed = envelopeSchema.safeParse(inflateJson(signature.slice(envelopePrefix.length), budget));
  if (!parsed.success || !isShallow(parsed.data.rd, maxDepth - 1)) return null;
  const { f, m, t, rd, g, o, h } = parsed.data;
  return {
    family: f,
    model: m,
    ...(t !== undefined && { text: t }),
    ...(rd !== undefined && { details: rd }),
    ...(g !== undefined && { toolSignatures: g }),
    ...(o !== undefined && { opaque: o }),
    hash: h,
  };
}

/** The value of the base64url of deflated JSON, or undefined if the text is not that. */
function inflateJson(encoded: string, budget: EnvelopeBudget): unknown {
  const maxOutputLength = Math.min(maxDecodedBytes, budget.bytes);
  try {
    const bytes = inflateRawSync(Buffer.from(encoded, "base64url"), { maxOutputLength });
    budget.bytes -= bytes.byteLength;
    return parseJson(bytes.toString());
  } catch (error) {
    // A malformed envelope is ignored: the conversation goes on without it.
    if (error instanceof RangeError) budget.bytes -= maxOutputLength; // It was inflated up to this limit.
    return undefined;
  }
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isShallow(member, depth - 1));
}
