import { createHash } from "node:crypto";
import type { EnvelopeFamily } from "../../profiles/model-traits.ts";

/** Every envelope starts with this; base64url of deflated JSON follows (rule 6.1). */
export const envelopePrefix = "ccp1.";

/**
 * Every family by its own name, for the reader of envelopes. A missing family is a type error: its envelopes would
 * count as broken.
 */
export const envelopeFamilies = {
  "or-anthropic": "or-anthropic",
  "or-openai": "or-openai",
  "or-google": "or-google",
  "or-xai": "or-xai",
  "or-other": "or-other",
  gemini: "gemini",
  minimax: "minimax",
  "rs-openai": "rs-openai",
  "rs-azure": "rs-azure",
  "rs-xai": "rs-xai",
  "rs-other": "rs-other",
  text: "text",
} as const satisfies { [Family in EnvelopeFamily]: Family };

/** Reasoning of an upstream, on its way to the client and back inside a signature. */
export interface ReasoningEnvelope {
  family: EnvelopeFamily;
  /** The upstream's model id. */
  model: string;
  /** The reasoning text, only if the client does not see it in the thinking block. */
  text?: string;
  /** `reasoning_details` as received, in order. An empty array is different from none at all. */
  details?: unknown[];
  /**
   * gemini: `[tool use id as the client knows it, thought signature]`; the id is "" for a signature that came with
   * text.
   */
  toolSignatures?: [string, string][];
  /** `reasoning_opaque` as received. */
  opaque?: string;
  /** `hashVisibleThinking` of the thinking text that the client got. */
  hash: string;
}

/** The first 8 hex characters of the sha256 of a thinking block's text. */
export function hashVisibleThinking(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
