import { isJsonObject } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";

/** A text that the client has added by itself, whole. */
const reminder = /^\s*<system-reminder>[\s\S]*<\/system-reminder>\s*$/;

/**
 * What was said last in a messages request: its texts, and the results of tools; null if it cannot be read. What the
 * client adds by itself, in messages of their own and in reminders, is told only where there is nothing else.
 */
export function findLastQuestion(text: string): string | null {
  const request = parseJson(text);
  const messages = isJsonObject(request) ? request["messages"] : null;
  if (!Array.isArray(messages)) return null;
  const said = messages.filter(isJsonObject);
  const last = said.findLast(({ role }) => role !== "system") ?? said.at(-1);
  const texts = listTexts(last?.["content"]);
  const own = texts.filter((one) => !reminder.test(one));
  const shown = own.length > 0 ? own : texts;
  return shown.length === 0 ? null : shown.join("\n");
}

function listTexts(content: unknown): string[] {
  if (typeof content === "string") return [content];
  if (!Array.isArray(content)) return [];
  return content.filter(isJsonObject).flatMap((block) => {
    const { type, text, content: inner } = block;
    if (type === "text") return typeof text === "string" ? [text] : [];
    if (type === "tool_result") return ["(result of a tool)", ...listTexts(inner)];
    return typeof type === "string" ? [`(${type})`] : [];
  });
}
