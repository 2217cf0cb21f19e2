import { isJsonObject, nonEmptyString } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";
import type { Profile } from "../../profiles/profile.ts";
import type { RequestedTools } from "../request/requested-tools.ts";
import { GatheredText } from "./gathered-text.ts";
import { findRequestedTool } from "./tool-call-slot.ts";

/** A call that was written into the text, as the deltas of real calls have it. */
export interface LeakedToolCall {
  name: string;
  /** JSON text of an object. */
  arguments: string;
}

/** Null where the upstream is trusted to tell its calls as calls, or no tool was offered. */
export function createLeakedToolCalls(
  { rescuesTextToolCalls }: Pick<Profile, "rescuesTextToolCalls">,
  tools: RequestedTools,
): LeakedToolCalls | null {
  if (!rescuesTextToolCalls || tools.size === 0) return null;
  return new LeakedToolCalls((name) => findRequestedTool(tools, name) !== null);
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
  /** What may be the beginning of a marker. */
  #beginning = "";
  /** From the first marker on. */
  readonly #held = new GatheredText();

  constructor(isOffered: (name: string) => boolean) {
    this.#isOffered = isOffered;
  }

  /** Returns what is certainly text. */
  push(text: string): string {
    if (!this.#held.isEmpty) {
      this.#held.add(text);
      return "";
    }
    const pending = this.#beginning + text;
    const start = firstMarker(pending);
    if (start !== -1) {
      this.#beginning = "";
      this.#held.add(pending.slice(start));
      return pending.slice(0, start);
    }
    const length = pending.length - longestMarkerStart(pending);
    this.#beginning = pending.slice(length);
    return pending.slice(0, length);
  }

  /** The calls that the held text tells, or the text itself. Nothing may come any more. */
  finish(): { calls: LeakedToolCall[]; text: string } {
    const text = this.#beginning + this.#held.text;
    const calls = parseCalls(text.trim()) ?? [];
    const areOffered = calls.length > 0 && calls.every((call) => this.#isOffered(call.name));
    return areOffered ? { calls, text: "" } : { calls: [], text };
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
    const fenced = between(text, "```json\n", "```");
    return fenced === null ? null : callsOf([parseJson(fenced)]);
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

const kimi = {
  begin: "<|tool_call_begin|>",
  argumentsBegin: "<|tool_call_argument_begin|>",
  end: "<|tool_call_end|>",
};

/** Kimi: `<|tool_call_begin|>functions.Bash:0<|tool_call_argument_begin|>{…}<|tool_call_end|>` in a section. */
function parseSection(text: string): LeakedToolCall[] | null {
  const section = between(text, "<|tool_calls_section_begin|>", "<|tool_calls_section_end|>");
  if (section === null) return null;
  return callsOf(
    section
      .split(kimi.end)
      .filter((part) => part.trim() !== "")
      .map(readSectionCall),
  );
}

/** No expression: each way of reading the blanks around a name would be tried, and a looping model sends many. */
function readSectionCall(text: string): { name: string; arguments: unknown } | null {
  const call = text.trimStart();
  const nameEnd = call.indexOf(kimi.argumentsBegin);
  if (!call.startsWith(kimi.begin) || nameEnd === -1) return null;
  const written = call.slice(kimi.begin.length, nameEnd).trimEnd();
  const numbered = written.startsWith("functions.") ? written.slice("functions.".length) : written;
  const colon = numbered.lastIndexOf(":");
  const hasNumber = colon > 0 && /^\d+$/.test(numbered.slice(colon + 1));
  return {
    name: hasNumber ? numbered.slice(0, colon) : numbered,
    arguments: parseJson(call.slice(nameEnd + kimi.argumentsBegin.length)),
  };
}

/** What stands between the beginning and the end of a text, which share nothing; null when it does not have both. */
function between(text: string, begin: string, end: string): string | null {
  const isWhole = text.startsWith(begin) && text.endsWith(end);
  return isWhole ? text.slice(begin.length, text.length - end.length) : null;
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
