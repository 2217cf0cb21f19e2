import type { ModelFacts } from "../config/file-config.ts";
import type { ChatReasoningDialect } from "../profiles/chat-dialect.ts";
import { families } from "../profiles/families.ts";
import { genericProfile } from "../profiles/generic-profile.ts";
import type { MessageTraits } from "../profiles/model-traits.ts";
import type { Profile } from "../profiles/profile.ts";
import { layOver } from "../profiles/profile-overrides.ts";

/** Lays facts over profiles. */
export type FactsLayer = (profile: Profile, facts: ModelFacts) => Profile;

/**
 * Creates the function that makes a profile say what is known of its model: window, output ceiling, images, documents
 * and reasoning. That a model has no tools is not among it: its upstream refuses them, and the request goes on to the next
 * target, where a request without its tools would only look as if it had been answered.
 */
export function createFactsLayer(): FactsLayer {
  const laid = new WeakMap<Profile, WeakMap<ModelFacts, Profile>>();
  return (profile, facts) => {
    const ofProfile = laid.get(profile) ?? new WeakMap<ModelFacts, Profile>();
    const before = ofProfile.get(facts);
    if (before !== undefined) return before;
    const known = layFacts(profile, facts);
    laid.set(profile, ofProfile.set(facts, known));
    return known;
  };
}

function layFacts(profile: Profile, facts: ModelFacts): Profile {
  const { window, images, pdf, reasoning } = facts;
  const outputCeiling = findOutputCeiling(profile.traits.request.outputCeiling, facts);
  const messages: { -readonly [Name in keyof MessageTraits]?: MessageTraits[Name] } = {};
  if (images === false) messages.images = "none";
  if (images === true && profile.traits.messages.images === "none") messages.images = imagesOfFamily(profile);
  if (pdf === false) messages.pdf = "none";
  const noReasoning: Partial<ChatReasoningDialect> = reasoning === false ? { form: "none" } : {};
  return layOver(profile, {
    traits: {
      request: {
        ...(window === null ? {} : { inputWindow: window }),
        ...(outputCeiling === null ? {} : { outputCeiling }),
      },
      messages,
    },
    chat: { reasoning: noReasoning },
    responses: { reasoning: reasoning === false ? { takesEffort: false } : {} },
  });
}

/** A window from this size on has room for the usual limit of the output, 32000 tokens, beside a prompt. */
const roomyWindow = 131_072;
/** The part of a smaller window that an answer may take. */
const outputPart = 1 / 4;

/**
 * The most tokens that the model is asked for. Many servers count the limit of the output as used: in a small window,
 * the client's own limit would leave no room for its first prompt.
 */
function findOutputCeiling(
  ofFamily: number | null,
  { window, maxOutput }: Pick<ModelFacts, "window" | "maxOutput">,
): number | null {
  if (maxOutput !== null || window === null || window >= roomyWindow) return maxOutput ?? ofFamily;
  return Math.min(Math.floor(window * outputPart), ofFamily ?? Number.POSITIVE_INFINITY);
}

/** How the family is sent images, where a rule for the model's name says that it takes none. */
function imagesOfFamily({ id }: Profile): MessageTraits["images"] {
  const { basis, overrides } = families[id];
  const ofFamily = overrides.traits?.messages?.images ?? basis?.traits?.messages?.images;
  return ofFamily === undefined || ofFamily === "none" ? genericProfile.traits.messages.images : ofFamily;
}
