import { inflateRawSync } from "node:zlib";
import { z } from "zod";
import { parseJson } from "../../json/parse-json.ts";
import { envelopePrefix, type ReasoningEnvelope } from "./reasoning-envelope.ts";

/** Bytes of JSON; a client could send us anything, so the inflated size is bounded. */
const maxDecodedBytes = 1024 * 1024;
const maxDepth = 8;

const envelopeSchema = z.object({
  f: z.enum(["or-anthropic", "or-openai", "or-google", "or-xai", "or-other", "gemini", "minimax", "text"]),
  m: z.string(),
  t: z.string().optional(),
  rd: z.array(z.unknown()).optional(),
  g: z.array(z.tuple([z.string(), z.string()])).optional(),
  h: z.string(),
});

/**
 * The envelope in a signature, or null when it is none of ours or broken; never throws (rule 6.1). Texts of the
 * details may still be references: see `resolveDetails`.
 */
export function decodeEnvelope(signature: string): ReasoningEnvelope | null {
  if (!signature.startsWith(envelopePrefix)) return null;
  const parsed = envelopeSchema.safeParse(inflateJson(signature.slice(envelopePrefix.length)));
  if (!parsed.success || !isShallow(parsed.data.rd, maxDepth - 1)) return null;
  const { f, m, t, rd, g, h } = parsed.data;
  return {
    family: f,
    model: m,
    ...(t !== undefined && { text: t }),
    ...(rd !== undefined && { details: rd }),
    ...(g !== undefined && { toolSignatures: g }),
    hash: h,
  };
}

/** What the base64url of deflated JSON holds, or undefined when that is not what it is. */
function inflateJson(encoded: string): unknown {
  try {
    const bytes = inflateRawSync(Buffer.from(encoded, "base64url"), { maxOutputLength: maxDecodedBytes });
    return parseJson(bytes.toString());
  } catch {
    return undefined; // A malformed envelope counts as none: the conversation goes on without it.
  }
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isShallow(member, depth - 1));
}
