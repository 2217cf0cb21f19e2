import { type Json, objectOf, objectsOf } from "../../strict/json.ts";
import { reasons } from "./model-faults.ts";
import type { ResponsesRules } from "./responses-families.ts";
import { invalidValue, type ResponsesRefusal, refusal, unknownParameter } from "./responses-refusal.ts";

/** Faults of items that belong together: calls and outputs, the turns of the assistant, phases. */
export function findTurnFaults(request: Json, rules: ResponsesRules): ResponsesRefusal[] {
  const items = objectsOf(request["input"]);
  return [
    ...findPairFaults(items, rules),
    ...(rules.demandsReasoning === true && reasons(request, rules) ? findMissingReasoning(items) : []),
    ...findPhaseFaults(items, rules, String(request["model"])),
  ];
}

/** Whether the assistant has said the item. */
export function isSaid({ type, role }: Json): boolean {
  return type === "reasoning" || type === "function_call" || (type === "message" && role === "assistant");
}

/** The items of each turn of the assistant, with the place of the first. */
export function turnsOf(items: readonly Json[]): { start: number; items: Json[] }[] {
  const turns: { start: number; items: Json[] }[] = [];
  items.forEach((item, index) => {
    if (!isSaid(item)) return;
    const before = items[index - 1];
    if (before !== undefined && isSaid(before)) turns.at(-1)?.items.push(item);
    else turns.push({ start: index, items: [item] });
  });
  return turns;
}

function findPairFaults(items: readonly Json[], rules: ResponsesRules): ResponsesRefusal[] {
  const faults: ResponsesRefusal[] = [];
  let open: string[] = [];
  const close = () => {
    faults.push(...open.map((id) => refusal(noOutput(id, rules), "input")));
    open = [];
  };
  items.forEach((item, index) => {
    const { type, call_id: callId } = item;
    if (type === "function_call_output") {
      if (open.includes(String(callId))) open = open.filter((id) => id !== callId);
      else {
        const message = `No tool call found for function call output with call_id ${String(callId)}.`;
        faults.push(refusal(message, "input"));
      }
      return;
    }
    const before = items[index - 1];
    const isNewTurn = before === undefined || !isSaid(before);
    if (!isSaid(item) || isNewTurn) close();
    if (type === "function_call") open.push(String(callId));
    else if (rules.callsAdjacent === true) close();
  });
  close();
  return faults;
}

function noOutput(id: string, rules: ResponsesRules): string {
  const call = rules.callsAdjacent === true ? "tool call" : "function call";
  return `No tool output found for ${call} ${id}.`;
}

function findMissingReasoning(items: readonly Json[]): ResponsesRefusal[] {
  const lacking = turnsOf(items).filter((turn) => turn.items.every(({ type }) => type !== "reasoning"));
  return lacking.map(({ start }) =>
    refusal("The `reasoning_text` in the thinking mode must be passed back to the API.", `input[${start}]`),
  );
}

/** Whether OpenAI's model knows phases. */
function knowsPhases(model: string): boolean {
  if (model.startsWith("gpt-5.3-codex")) return true;
  const [, major = "0", minor = "0"] = /^gpt-(\d+)(?:\.(\d+))?/.exec(model) ?? [];
  return Number(major) > 5 || (Number(major) === 5 && Number(minor) >= 4);
}

/** Without its phase a text is taken for the last word, and with a wrong one it is not. */
function findPhaseFaults(items: readonly Json[], rules: ResponsesRules, model: string): ResponsesRefusal[] {
  const isKnown = rules.models === "openai" && knowsPhases(model);
  return turnsOf(items).flatMap((turn) =>
    turn.items.flatMap((item, place) => {
      if (item["type"] !== "message") return [];
      const param = `input[${turn.start + place}].phase`;
      if (!isKnown) return "phase" in item ? [unknownParameter(param)] : [];
      const hasCall = turn.items.slice(place + 1).some(({ type }) => type === "function_call");
      const due = hasCall ? "commentary" : "final_answer";
      return item["phase"] === due ? [] : [invalidValue(param, item["phase"], [due])];
    }),
  );
}

/** What an item of the assistant says, for a comparison: a blob, a text, or a call's id. */
export function wordOf(item: Json): string {
  const { type, content, call_id: callId, encrypted_content: blob } = item;
  if (type === "reasoning") return `reasoning ${JSON.stringify(blob ?? textOf(content))}`;
  if (type === "function_call") return `call ${String(callId)}`;
  return `text ${JSON.stringify(textOf(content))}`;
}

/** The texts of a content in one. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return objectsOf(content)
    .map((part) => String(objectOf(part)["text"] ?? ""))
    .join("");
}
