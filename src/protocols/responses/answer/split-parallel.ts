import { isJsonObject, nonEmptyString } from "../../../json/json-value.ts";
import { parseExactJson } from "../../../json/long-numbers.ts";
import { argumentsText } from "../../../translate/answer/calls/arguments-text.ts";
import type { CallPiece } from "../../../translate/answer/calls/call-slot.ts";
import { findRequestedTool } from "../../../translate/answer/calls/find-requested-tool.ts";
import type { RequestedTools } from "../../../translate/tools/requested-tools.ts";

/** Names of OpenAI's own function that stands for several calls; nobody declares it. */
const names = ["parallel", "multi_tool_use.parallel"];
const prefix = "functions.";

/** Whether a call may stand for several (rule 23.7). */
export function isParallel(name: string, tools: RequestedTools): boolean {
  return names.includes(name) && findRequestedTool(tools, name) === null;
}

/**
 * The calls in `{tool_uses: [{recipient_name, parameters}]}`, each with an id made from that of the whole. Null if the
 * arguments have another form or name a tool that the request has not.
 */
export function splitParallel(json: string, id: string | null, tools: RequestedTools): CallPiece[] | null {
  const value = parseExactJson(json);
  const uses: unknown = isJsonObject(value) ? value["tool_uses"] : undefined;
  if (!Array.isArray(uses) || uses.length === 0) return null;
  const calls: CallPiece[] = [];
  for (const use of uses) {
    const recipient = isJsonObject(use) ? nonEmptyString(use["recipient_name"]) : undefined;
    const name = recipient?.startsWith(prefix) ? recipient.slice(prefix.length) : recipient;
    if (name === undefined || !tools.has(name)) return null;
    calls.push({
      id: id === null ? null : `${id}_${calls.length}`,
      name,
      arguments: argumentsText(isJsonObject(use) ? use["parameters"] : undefined),
      thoughtSignature: null,
    });
  }
  return calls;
}
