import { isJsonObject } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";

/** What was said last in a messages request: its texts, and the results of tools; null if it cannot be read. */
export function findLastQuestion(text: string): string | null {
  const request = parseJson(text);
  const messages = isJsonObject(request) ? request["messages"] : null;
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : null;
  if (!isJsonObject(last)) return null;
  const texts = listTexts(last["content"]);
  return texts.length === 0 ? null : texts.join("\n");
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
