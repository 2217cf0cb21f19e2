import { skipBlanks } from "./scan-text.ts";
import type { WrittenCall } from "./written-call.ts";

const open = "<|tool_call>";
const close = "<tool_call|>";
const quote = '<|"|>';
const bareWord = /[^{}[\],:"<\s]+/y;

/** Gemma: `<|tool_call>call:Name{key:<|"|>text<|"|>,other:1}<tool_call|>`, one or more. */
export function readGemmaCalls(text: string): WrittenCall[] | null {
  const calls: WrittenCall[] = [];
  for (let at = 0; at < text.length; ) {
    const begin = `${open}call:`;
    const nameEnd = text.indexOf("{", at);
    const read = text.startsWith(begin, at) && nameEnd !== -1 ? readObject(text, nameEnd) : null;
    if (read === null || !text.startsWith(close, read.next)) return null;
    calls.push({ name: text.slice(at + begin.length, nameEnd).trim(), arguments: read.json });
    at = skipBlanks(text, read.next + close.length);
  }
  return calls;
}

/** The object as JSON; its parser will report what is missing. */
function readObject(text: string, start: number): { json: string; next: number } | null {
  const written: string[] = [];
  let depth = 0;
  for (let at = start; at < text.length; at = skipBlanks(text, at)) {
    const sign = text[at] ?? "";
    if (text.startsWith(quote, at)) {
      const end = text.indexOf(quote, at + quote.length);
      if (end === -1) return null;
      written.push(JSON.stringify(text.slice(at + quote.length, end)));
      at = end + quote.length;
    } else if ("{}[],:".includes(sign)) {
      written.push(sign);
      at += 1;
      if (sign === "{" || sign === "[") depth += 1;
      if (sign === "}" || sign === "]") depth -= 1;
      if (depth === 0) return { json: written.join(""), next: skipBlanks(text, at) };
    } else {
      const word = sign === '"' ? readString(text, at) : readWord(text, at);
      if (word === null) return null;
      at += word.length;
      const isBareKey = sign !== '"' && text[skipBlanks(text, at)] === ":";
      written.push(isBareKey ? JSON.stringify(word) : word);
    }
  }
  return null;
}

/** A JSON string, for models that mix the two. */
function readString(text: string, at: number): string | null {
  for (let end = at + 1; end < text.length; end += 1) {
    if (text[end] === "\\") end += 1;
    else if (text[end] === '"') return text.slice(at, end + 1);
  }
  return null;
}

function readWord(text: string, at: number): string | null {
  bareWord.lastIndex = at;
  return bareWord.exec(text)?.[0] ?? null;
}
