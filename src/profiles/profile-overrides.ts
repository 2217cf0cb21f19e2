import type { ChatDialect } from "./chat-dialect.ts";
import type { ModelTraits } from "./model-traits.ts";
import type { Profile } from "./profile.ts";
import type { ResponsesDialect } from "./responses-dialect.ts";

type GroupOverrides<Groups> = { readonly [Group in keyof Groups]?: Partial<Groups[Group]> };

/** The members of a profile that differ from those it is laid over. */
export interface ProfileOverrides {
  readonly traits?: GroupOverrides<ModelTraits>;
  readonly chat?: GroupOverrides<ChatDialect>;
  readonly responses?: GroupOverrides<ResponsesDialect>;
}

/** Lays overrides over a profile. */
export function layOver(profile: Profile, overrides: ProfileOverrides): Profile {
  const { traits, chat, responses } = profile;
  const { traits: newTraits = {}, chat: newChat = {}, responses: newResponses = {} } = overrides;
  return {
    ...profile,
    traits: {
      request: layGroup(traits.request, newTraits.request),
      tools: layGroup(traits.tools, newTraits.tools),
      messages: layGroup(traits.messages, newTraits.messages),
      reasoning: layGroup(traits.reasoning, newTraits.reasoning),
      answer: layGroup(traits.answer, newTraits.answer),
    },
    chat: {
      request: layGroup(chat.request, newChat.request),
      tools: layGroup(chat.tools, newChat.tools),
      toolChoice: layGroup(chat.toolChoice, newChat.toolChoice),
      messages: layGroup(chat.messages, newChat.messages),
      reasoning: layGroup(chat.reasoning, newChat.reasoning),
    },
    responses: {
      request: layGroup(responses.request, newResponses.request),
      tools: layGroup(responses.tools, newResponses.tools),
      toolChoice: layGroup(responses.toolChoice, newResponses.toolChoice),
      messages: layGroup(responses.messages, newResponses.messages),
      reasoning: layGroup(responses.reasoning, newResponses.reasoning),
    },
  };
}

function layGroup<Group extends object>(group: Group, overrides: Partial<Group> | undefined): Group {
  return overrides === undefined ? group : { ...group, ...overrides };
}
