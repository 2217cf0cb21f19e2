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
    const known = ofProfile.get(facts) ?? layFacts(profile, facts);
    laid.set(profile, ofProfile.set(facts, known));
    return known;
  };
}

function layFacts(profile: Profile, { window, maxOutput, images, pdf, reasoning }: ModelFacts): Profile {
  const messages: { -readonly [Name in keyof MessageTraits]?: MessageTraits[Name] } = {};
  if (images === false) messages.images = "none";
  if (images === true && profile.traits.messages.images === "none") messages.images = imagesOfFamily(profile);
  if (pdf === false) messages.pdf = "none";
  const noReasoning: Partial<ChatReasoningDialect> = reasoning === false ? { form: "none" } : {};
  return layOver(profile, {
    traits: {
      request: {
        ...(window === null ? {} : { inputWindow: window }),
        ...(maxOutput === null ? {} : { outputCeiling: maxOutput }),
      },
      messages,
    },
    chat: { reasoning: noReasoning },
    responses: { reasoning: reasoning === false ? { takesEffort: false } : {} },
  });
}

/** How the family is sent images, where a rule for the model's name says that it takes none. */
function imagesOfFamily({ id }: Profile): MessageTraits["images"] {
  const { basis, overrides } = families[id];
  const ofFamily = overrides.traits?.messages?.images ?? basis?.traits?.messages?.images;
  return ofFamily === undefined || ofFamily === "none" ? genericProfile.traits.messages.images : ofFamily;
}
