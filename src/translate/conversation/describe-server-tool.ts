import type { ServerToolBlockParam } from "../../anthropic/content-block.ts";
import { isJsonObject, nonEmptyString, textOfScalar } from "../../json/json-value.ts";

/**
 * Describes a call or result of a tool that ran at the real API, so that the model knows what happened (rule 2.2). Null
 * for blocks without content.
 */
export function describeServerTool(block: ServerToolBlockParam): string | null {
  switch (block.type) {
    case "server_tool_use":
    case "mcp_tool_use":
      return describeCall(block);
    case "web_search_tool_result":
    case "web_fetch_tool_result":
      return listSources(block["content"]);
    case "mcp_tool_result":
      return nonEmptyString(textOf(block["content"])) ?? null;
    case "code_execution_tool_result":
    case "bash_code_execution_tool_result":
    case "text_editor_code_execution_tool_result":
    case "tool_search_tool_result":
    case "advisor_tool_result":
      return describeOutcome(block["content"]);
    default:
      return null;
  }
}

function describeCall(block: ServerToolBlockParam): string {
  const { name, input, server_name: server } = block;
  const query = isJsonObject(input) ? nonEmptyString(input["query"]) : undefined;
  const tool = typeof server === "string" ? `${server}.${textOfScalar(name)}` : String(textOfScalar(name));
  return `[${tool}: ${query ?? JSON.stringify(input ?? {})}]`;
}

/** `- title (url)` for every source; encrypted content is left out. */
function listSources(content: unknown): string | null {
  const sources = Array.isArray(content) ? content : [content];
  const lines = sources.filter(isJsonObject).map((source) => {
    const url = nonEmptyString(source["url"]);
    if (url === undefined) return `- failed: ${textOfScalar(source["error_code"]) ?? "no result"}`;
    const title = nonEmptyString(source["title"]);
    return title === undefined ? `- ${url}` : `- ${title} (${url})`;
  });
  return lines.length === 0 ? null : lines.join("\n");
}

function describeOutcome(content: unknown): string | null {
  if (!isJsonObject(content)) return nonEmptyString(textOf(content)) ?? null;
  const references = content["tool_references"];
  const names = Array.isArray(references)
    ? references.filter(isJsonObject).map((reference) => `- ${textOfScalar(reference["tool_name"])}`)
    : [];
  const texts = ["stdout", "stderr", "text", "content"].flatMap((key) => textOf(content[key]) || []);
  const code = textOfScalar(content["return_code"]);
  const errorCode = textOfScalar(content["error_code"]);
  const lines = [
    ...names,
    ...texts,
    ...(code === undefined ? [] : [`return code ${code}`]),
    ...(errorCode === undefined ? [] : [`failed: ${errorCode}`]),
  ];
  return lines.length === 0 ? null : lines.join("\n");
}

/** A string, or the texts of blocks, each on a line; "" for anything else. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .flatMap((block) => (isJsonObject(block) ? (nonEmptyString(block["text"]) ?? []) : []))
    .join("\n");
}
