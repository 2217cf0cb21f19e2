import { isJsonObject } from "../../json/json-value.ts";
import type { ChatChoice, ChatDelta } from "../../openai/chat-response.ts";
import type { Profile } from "../../profiles/profile.ts";
import { restoreOpenTag } from "./think-tags.ts";

/**
 * What a choice says, or null: the delta of a chunk, or the message of a whole answer. Only of the latter it is
 * known that the tag of its reasoning was never opened; that it is reasoning is believed where thinking is on and
 * no other member tells it (rule 3.3).
 */
export function findDelta(
  choice: ChatChoice,
  thinking: { isOn: boolean; tags: Profile["thinkTags"] },
): ChatDelta | null {
  const said: unknown = choice.delta ?? choice.message;
  if (!isJsonObject(said)) return null;
  const isWhole = choice.delta === undefined || choice.delta === null;
  const { content, reasoning, reasoning_content } = said;
  const isToldApart = Boolean(reasoning || reasoning_content);
  if (!isWhole || !thinking.isOn || isToldApart || typeof content !== "string") return said;
  return { ...said, content: restoreOpenTag(content, thinking.tags) };
}
