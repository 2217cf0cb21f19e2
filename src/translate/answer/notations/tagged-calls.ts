import { parseExactJson } from "../../../json/long-numbers.ts";
import { callOfValue } from "./json-calls.ts";
import { readUntil, skipBlanks } from "./scan-text.ts";
import type { WrittenCall, WrittenMember } from "./written-call.ts";

const open = "<tool_call>";
const close = "</tool_call>";
const openFunction = "<function=";
const closeFunction = "</function>";
const openParameter = "<parameter=";

interface ReadCall {
  call: WrittenCall;
  next: number;
}

/**
 * `<tool_call>…</tool_call>`, one or more, of Hermes and Qwen (JSON inside), GLM (a name, then keys and values) and
 * Qwen-Coder (`<function=…>`), which sometimes omits the outer tags.
 */
export function readTaggedCalls(text: string): WrittenCall[] | null {
  const calls: WrittenCall[] = [];
  for (let at = skipBlanks(text, 0); at < text.length; ) {
    const isTagged = text.startsWith(open, at);
    const begin = isTagged ? skipBlanks(text, at + open.length) : at;
    const read = text.startsWith(openFunction, begin)
      ? readFunction(text, begin)
      : isTagged && (text[begin] === "{" ? readObject(text, begin) : readPairs(text, begin));
    if (!read) return null;
    calls.push(read.call);
    at = read.next;
  }
  return calls;
}

function readObject(text: string, at: number): ReadCall | null {
  const inside = readUntil(text, at, close, { followers: [open], mayEnd: true });
  const call = inside && callOfValue(parseExactJson(inside.text));
  return call && { call, next: inside.next };
}

/** GLM: `Name`, then alternating `<arg_key>…</arg_key>` and `<arg_value>…</arg_value>`. */
function readPairs(text: string, at: number): ReadCall | null {
  const members: WrittenMember[] = [];
  const nameEnd = text.indexOf("<", at);
  const name = text.slice(at, nameEnd).trim();
  if (nameEnd === -1 || name === "") return null;
  let next = nameEnd;
  while (text.startsWith("<arg_key>", next)) {
    const key = readUntil(text, next + "<arg_key>".length, "</arg_key>", { followers: ["<arg_value>"] });
    if (key === null) return null;
    const value = readUntil(text, key.next + "<arg_value>".length, "</arg_value>", {
      followers: ["<arg_key>", close],
    });
    if (value === null) return null;
    members.push({ key: key.text.trim(), text: value.text });
    next = value.next;
  }
  if (!text.startsWith(close, next)) return null;
  return { call: { name, members }, next: skipBlanks(text, next + close.length) };
}

/** Qwen-Coder: `<function=Name>`, then `<parameter=key>` and a line with its value. */
function readFunction(text: string, at: number): ReadCall | null {
  const nameEnd = text.indexOf(">", at);
  const name = text.slice(at + openFunction.length, nameEnd).trim();
  if (nameEnd === -1 || name === "") return null;
  const members: WrittenMember[] = [];
  let next = skipBlanks(text, nameEnd + 1);
  while (text.startsWith(openParameter, next)) {
    const keyEnd = text.indexOf(">", next);
    if (keyEnd === -1) return null;
    const value = readUntil(text, keyEnd + 1, "</parameter>", { followers: [openParameter, closeFunction] });
    if (value === null) return null;
    members.push({
      key: text.slice(next + openParameter.length, keyEnd).trim(),
      text: withoutLineBreaks(value.text),
    });
    next = value.next;
  }
  if (!text.startsWith(closeFunction, next)) return null;
  next = skipBlanks(text, next + closeFunction.length);
  return {
    call: { name, members },
    next: text.startsWith(close, next) ? skipBlanks(text, next + close.length) : next,
  };
}

/** A value is on lines of its own: the line breaks around it are not part of it. */
function withoutLineBreaks(text: string): string {
  const start = text.startsWith("\n") ? 1 : 0;
  return text.slice(start, text.length > start && text.endsWith("\n") ? -1 : undefined);
}
