import { isJsonObject, nonEmptyString } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";

/** A call that was written into the text, as the deltas of real calls have it. */
export interface LeakedToolCall {
  name: string;
  /** JSON text of an object. */
  arguments: string;
}

/** What a server leaves in the text when its parser for tool calls is missing or fails (rule 3.3). */
const markers = ["<tool_call>", "<|tool_calls_section_begin|>", "[TOOL_CALLS]", "```json\n{"];

/**
 * Finds tool calls that leaked into the text: local servers whose parser does not know the model's format pass
 * the model's own notation on. Text is held from the first marker to the end of the answer, and counts as calls
 * only when all of it is calls of tools that were offered; else it is text.
 */
export class LeakedToolCalls {
  readonly #isOffered: (name: string) => boolean;
  #held = "";
  #isHolding = false;

  constructor(isOffered: (name: string) => boolean) {
    this.#isOffered = isOffered;
  }

  /** Returns what is certainly text. */
  push(text: string): string {
    const pending = this.#held + text;
    if (this.#isHolding) {
      this.#held = pending;
      return "";
    }
    const start = firstMarker(pending);
    this.#isHolding = start !== -1;
    const heldFrom = this.#isHolding ? start : pending.length - longestMarkerStart(pending);
    this.#held = pending.slice(heldFrom);
    return pending.slice(0, heldFrom);
  }

  /** The calls that the held text tells, or the text itself. */
  finish(): { calls: LeakedToolCall[]; text: string } {
    const held = this.#held;
    this.#held = "";
    const calls = this.#isHolding ? parseCalls(held.trim()) : null;
    const areOffered = calls?.every((call) => this.#isOffered(call.name)) ?? false;
    return calls !== null && calls.length > 0 && areOffered ? { calls, text: "" } : { calls: [], text: held };
  }
}

function firstMarker(text: string): number {
  const positions = markers.map((marker) => text.indexOf(marker)).filter((at) => at !== -1);
  return positions.length === 0 ? -1 : Math.min(...positions);
}

/** How many characters at the end of the text may begin a marker. */
function longestMarkerStart(text: string): number {
  let longest = 0;
  for (const marker of markers) {
    for (let size = Math.min(marker.length - 1, text.length); size > longest; size -= 1) {
      if (text.endsWith(marker.slice(0, size))) longest = size;
    }
  }
  return longest;
}

/** The calls of a text that holds nothing else, or null. */
function parseCalls(text: string): LeakedToolCall[] | null {
  if (text.startsWith("[TOOL_CALLS]")) return parseList(text.slice("[TOOL_CALLS]".length));
  if (text.startsWith("```json")) {
    const fenced = /^```json\n([\s\S]*?)\n?```$/.exec(text)?.[1];
    return fenced === undefined ? null : callsOf([parseJson(fenced)]);
  }
  if (text.startsWith("<tool_call>")) return parseTagged(text);
  return parseSection(text);
}

function parseList(text: string): LeakedToolCall[] | null {
  const list = parseJson(text);
  return Array.isArray(list) ? callsOf(list) : callsOf([list]);
}

/** Hermes and Qwen: one or more `<tool_call>{"name":…,"arguments":{…}}</tool_call>`. */
function parseTagged(text: string): LeakedToolCall[] | null {
  const parts = text.split(/<tool_call>|<\/tool_call>/).filter((part) => part.trim() !== "");
  return callsOf(parts.map(parseJson));
}

/** Kimi: `<|tool_call_begin|>functions.Bash:0<|tool_call_argument_begin|>{…}<|tool_call_end|>` in a section. */
function parseSection(text: string): LeakedToolCall[] | null {
  const section = /^<\|tool_calls_section_begin\|>([\s\S]*?)<\|tool_calls_section_end\|>$/.exec(text)?.[1];
  if (section === undefined) return null;
  const calls = section.split("<|tool_call_end|>").filter((part) => part.trim() !== "");
  return callsOf(
    calls.map((call) => {
      const parts =
        /^\s*<\|tool_call_begin\|>(?:functions\.)?(.+?)(?::\d+)?\s*<\|tool_call_argument_begin\|>([\s\S]*)$/.exec(
          call,
        );
      return parts === null ? null : { name: parts[1], arguments: parseJson(parts[2] ?? "") };
    }),
  );
}

function callsOf(values: readonly unknown[]): LeakedToolCall[] | null {
  const calls: LeakedToolCall[] = [];
  for (const value of values) {
    if (!isJsonObject(value)) return null;
    const name = nonEmptyString(value["name"]);
    const given = value["arguments"] ?? value["parameters"] ?? {};
    const input = typeof given === "string" ? parseJson(given) : given;
    if (name === undefined || !isJsonObject(input)) return null;
    calls.push({ name, arguments: JSON.stringify(input) });
  }
  return calls;
}
