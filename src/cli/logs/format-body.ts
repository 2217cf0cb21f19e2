import { parseJson } from "../../json/parse-json.ts";
import { escapeLines } from "../../logging/escape-control-characters.ts";
import type { RecordedBody } from "../../record/recorded-request.ts";
import { isStream, joinAnswer } from "./join-stream.ts";

/** Longer texts within a body are cut: `--raw` prints the whole. */
const mostCharacters = 2000;

/** A body as a person reads it, with its title first: JSON with indents, a stream put together. No character in it moves a cursor. */
export function formatBody(body: RecordedBody): string[] {
  const { name, send, bytes, isCut, text } = body;
  const cut = isCut ? ", only its beginning was kept" : "";
  const title = `── ${name}${send > 1 ? ` of send ${send}` : ""} (${formatBytes(bytes)}${cut})`;
  return [title, ...readLines(text).flatMap(formatLines)];
}

function readLines(text: string): string[] {
  const value = parseJson(text);
  if (value !== undefined) return JSON.stringify(value, shortenText, 2).split("\n");
  if (!isStream(text)) return [shorten(text)];
  const parts = joinAnswer(text);
  if (parts.length === 0) return [shorten(text)];
  return [
    "(a stream, put together)",
    ...parts.flatMap(({ kind, name, text: said }) => [
      name === null ? `[${kind}]` : `[${kind}: ${name}]`,
      shorten(said),
    ]),
  ];
}

/** The rows of a text: line breaks divide them, tabs are blanks, all else that is not seen is written as its code. */
export function formatLines(text: string): string[] {
  return escapeLines(text).split("\n");
}

function shortenText(_key: string, value: unknown): unknown {
  return typeof value === "string" ? shorten(value) : value;
}

function shorten(text: string): string {
  if (text.length <= mostCharacters) return text;
  return `${text.slice(0, mostCharacters)}… (${text.length - mostCharacters} more characters; --raw prints all)`;
}

/** `512 B`, `4.8 kB`, `1.2 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 999_950 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
