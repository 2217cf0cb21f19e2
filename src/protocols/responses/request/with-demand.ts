import { joinTexts, onNewLine } from "../../../translate/conversation/join-texts.ts";
import type { InputItem, UserMessageItem } from "../responses-request.ts";

/** The input with a text at the end of the user's last message; in a message before all others if the user says nothing. */
export function withDemand(input: readonly InputItem[], text: string): InputItem[] {
  const last = input.findLast(isOfUser);
  if (last === undefined) return [{ type: "message", role: "user", content: text }, ...input];
  const content =
    typeof last.content === "string"
      ? joinTexts([last.content, text], onNewLine)
      : [...last.content, { type: "input_text" as const, text }];
  return input.map((item) => (item === last ? { ...last, content } : item));
}

function isOfUser(item: InputItem): item is UserMessageItem {
  return item.type === "message" && item.role === "user";
}
