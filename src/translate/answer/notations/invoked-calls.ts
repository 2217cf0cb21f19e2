import { readUntil, skipBlanks } from "./scan-text.ts";
import type { WrittenCall, WrittenMember } from "./written-call.ts";

/** The prefixes of a family's tags, after the bracket. */
const prefixes = ["｜DSML｜", "|DSML|"];

/** Most characters of an opening tag with its attributes. */
const longestTag = 500;

const attributes = /^name="([^"]*)"(?: string="(true|false)")?$/;

interface Opened {
  name: string;
  isText: boolean | undefined;
  next: number;
}

/** DeepSeek's DSML: `<｜DSML｜invoke name="…">` and its parameters, in a list of calls. */
export function readDsmlCalls(text: string): WrittenCall[] | null {
  const prefix = prefixes.find((candidate) => text.startsWith(candidate, 1));
  if (prefix === undefined) return null;
  return readLists(
    text,
    ["tool_calls", "function_calls"].map((name) => prefix + name),
    prefix,
  );
}

/** MiniMax: the same without a prefix, in its own list tag. */
export function readMinimaxCalls(text: string): WrittenCall[] | null {
  return readLists(text, ["minimax:tool_call"], "");
}

function readLists(text: string, lists: readonly string[], prefix: string): WrittenCall[] | null {
  const openings = lists.map((list) => `<${list}>`);
  const closings = lists.map((list) => `</${list}>`);
  const calls: WrittenCall[] = [];
  for (let at = skipBlanks(text, 0); at < text.length; ) {
    const tag = [...openings, ...closings].find((candidate) => text.startsWith(candidate, at));
    if (tag !== undefined) {
      at = skipBlanks(text, at + tag.length);
      continue;
    }
    const read = readInvoke(text, at, { prefix, closings });
    if (read === null) return null;
    calls.push(read.call);
    at = read.next;
  }
  return calls;
}

function readInvoke(
  text: string,
  at: number,
  { prefix, closings }: { prefix: string; closings: readonly string[] },
): { call: WrittenCall; next: number } | null {
  const invoked = readOpening(text, at, `<${prefix}invoke `);
  if (invoked === null) return null;
  const { name } = invoked;
  const close = `</${prefix}invoke>`;
  const begin = skipBlanks(text, invoked.next);
  if (text[begin] === "{") {
    const inside = readUntil(text, begin, close, {
      followers: [`<${prefix}invoke `, ...closings],
      mayEnd: true,
    });
    return inside && { call: { name, arguments: inside.text }, next: inside.next };
  }
  const openParameter = `<${prefix}parameter `;
  const members: WrittenMember[] = [];
  let next = begin;
  while (text.startsWith(openParameter, next)) {
    const parameter = readOpening(text, next, openParameter);
    if (parameter === null) return null;
    const value = readUntil(text, parameter.next, `</${prefix}parameter>`, {
      followers: [openParameter, close],
    });
    if (value === null) return null;
    members.push({ key: parameter.name, text: value.text, isText: parameter.isText });
    next = value.next;
  }
  if (!text.startsWith(close, next)) return null;
  return { call: { name, members }, next: skipBlanks(text, next + close.length) };
}

function readOpening(text: string, at: number, tag: string): Opened | null {
  if (!text.startsWith(tag, at)) return null;
  const inside = text.slice(at + tag.length, at + tag.length + longestTag);
  const end = inside.indexOf(">");
  const [, name, isText] = attributes.exec(inside.slice(0, Math.max(end, 0))) ?? [];
  if (name === undefined) return null;
  return {
    name,
    isText: isText === undefined ? undefined : isText === "true",
    next: at + tag.length + end + 1,
  };
}
