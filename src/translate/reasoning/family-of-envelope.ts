import type { EnvelopeFamily } from "../../profiles/model-traits.ts";
import type { Profile } from "../../profiles/profile.ts";

/** Of a profile, what decides on the family of an envelope. */
export type EnvelopeProfile = Pick<Profile, "protocol" | "traits">;

/**
 * The family of an envelope (rule 23.3). On the Responses API, servers of unknown make may send encrypted reasoning or
 * none: its presence decides whether other upstreams can use the envelope's text.
 */
export function familyOfEnvelope(
  { protocol, traits }: EnvelopeProfile,
  details: readonly unknown[] = [],
): EnvelopeFamily {
  const { envelopeFamily: family } = traits.reasoning;
  if (protocol !== "responses") return family;
  if (family === "rs-other" && details.length === 0) return "text";
  return family === "text" && details.length > 0 ? "rs-other" : family;
}

/** Whether envelopes of a family carry the text, too, where the client does not see it: others are not read by it. */
export function carriesText(family: EnvelopeFamily): boolean {
  return !family.startsWith("rs-");
}
