import { allOf, readJsonCalls } from "./json-calls.ts";
import { between, skipBlanks } from "./scan-text.ts";
import type { WrittenCall } from "./written-call.ts";

/** Notations that consist of a family's special tokens. */

const mistral = { begin: "[TOOL_CALLS]", id: "[CALL_ID]", arguments: "[ARGS]" };

/** Mistral: `[TOOL_CALLS]` and a list as JSON, or for each call its name and `[ARGS]` or the bare object. */
export function readMistralCalls(text: string): WrittenCall[] | null {
  const [, ...parts] = text.split(mistral.begin);
  const [first = ""] = parts;
  if (parts.length === 1 && /^\s*[[{]/.test(first) && !first.trimStart().startsWith(mistral.arguments))
    return readJsonCalls(first);
  return allOf(parts.map(readMistralCall));
}

function readMistralCall(text: string): WrittenCall | null {
  const begin = text.indexOf("{");
  if (begin === -1) return null;
  const head = text.slice(0, begin);
  const name = head.slice(0, firstOf(head, [mistral.id, mistral.arguments])).trim();
  return name === "" ? null : { name, arguments: text.slice(begin) };
}

function firstOf(text: string, marks: readonly string[]): number {
  return Math.min(text.length, ...marks.map((mark) => text.indexOf(mark)).filter((at) => at !== -1));
}

const harmony = { message: "<|message|>", call: "<|call|>" };

/** The recipient in the header of a message. */
const recipient = / to=(?:functions\.)?([^\s<]{1,200})/;

/** gpt-oss: `<|channel|>commentary to=functions.Bash <|constrain|>json<|message|>{…}<|call|>`, one or more. */
export function readHarmonyCalls(text: string): WrittenCall[] | null {
  return allOf(piecesBefore(text, harmony.call).map(readHarmonyCall));
}

function readHarmonyCall(text: string): WrittenCall | null {
  const headerEnd = text.indexOf(harmony.message);
  if (headerEnd === -1 || headerEnd > 500) return null;
  const [, name] = recipient.exec(text.slice(0, headerEnd)) ?? [];
  return name === undefined ? null : { name, arguments: text.slice(headerEnd + harmony.message.length) };
}

const kimi = {
  sectionBegin: "<|tool_calls_section_begin|>",
  sectionEnd: "<|tool_calls_section_end|>",
  begin: "<|tool_call_begin|>",
  argumentsBegin: "<|tool_call_argument_begin|>",
  end: "<|tool_call_end|>",
};

/** Kimi: `<|tool_call_begin|>functions.Bash:0<|tool_call_argument_begin|>{…}<|tool_call_end|>`, in a section or not. */
export function readKimiCalls(text: string): WrittenCall[] | null {
  const section = between(text, kimi.sectionBegin, kimi.sectionEnd) ?? text;
  return allOf(piecesBefore(section, kimi.end).map(readKimiCall));
}

/** Not an expression: it would try each way of dividing the blanks around a name, and a looping model sends many. */
function readKimiCall(text: string): WrittenCall | null {
  const call = text.trimStart();
  const nameEnd = call.indexOf(kimi.argumentsBegin);
  if (!call.startsWith(kimi.begin) || nameEnd === -1) return null;
  const written = call.slice(kimi.begin.length, nameEnd).trimEnd();
  const numbered = written.startsWith("functions.") ? written.slice("functions.".length) : written;
  const colon = numbered.lastIndexOf(":");
  const hasNumber = colon > 0 && /^\d+$/.test(numbered.slice(colon + 1));
  return {
    name: hasNumber ? numbered.slice(0, colon) : numbered,
    arguments: call.slice(nameEnd + kimi.argumentsBegin.length),
  };
}

const deepseek = {
  listBegin: "<｜tool▁calls▁begin｜>",
  listEnd: "<｜tool▁calls▁end｜>",
  begin: "<｜tool▁call▁begin｜>",
  separator: "<｜tool▁sep｜>",
  end: "<｜tool▁call▁end｜>",
};

/** DeepSeek before DSML: the name and the object around a separator, or a type, then the name and a fence. */
export function readDeepseekCalls(text: string): WrittenCall[] | null {
  const list = between(text, deepseek.listBegin, deepseek.listEnd) ?? text;
  return allOf(piecesBefore(list, deepseek.end).map(readDeepseekCall));
}

function readDeepseekCall(text: string): WrittenCall | null {
  const call = text.trimStart();
  const separator = call.indexOf(deepseek.separator);
  if (!call.startsWith(deepseek.begin) || separator === -1) return null;
  const head = call.slice(deepseek.begin.length, separator).trim();
  const rest = call.slice(separator + deepseek.separator.length);
  if (rest[skipBlanks(rest, 0)] === "{") return { name: head, arguments: rest };
  const nameEnd = rest.indexOf("\n");
  const fenced = nameEnd === -1 ? null : between(rest.slice(nameEnd + 1).trim(), "```json\n", "```");
  return fenced === null ? null : { name: rest.slice(0, nameEnd).trim(), arguments: fenced };
}

/** The pieces that end in a mark; a non-blank text after the last mark is also one. */
function piecesBefore(text: string, mark: string): string[] {
  return text.split(mark).filter((piece) => piece.trim() !== "");
}
