import { escapeUnits, unseenCharacters } from "../../json/unseen-characters.ts";
import { findKeyOwner } from "../../profiles/known-upstreams.ts";

/** The keys from the top of the file down to a value; a number is a place in a list, from 0. */
export type KeyPath = readonly (string | number)[];

/** What is wrong with the value at a path. */
export interface Fault {
  readonly path: KeyPath;
  /** To be read after the path; contains no secret. */
  readonly text: string;
}

/** A path as the key of a map. */
export function keyOfPath(path: KeyPath): string {
  return JSON.stringify(path);
}

/** Ends the last key of a path for what stands in a map and is no member of it; messages leave that key out. */
export const besideMark = "\0";

const longestShown = 60;

/**
 * Whether a text may be a key that somebody has put into the wrong place: it begins like one, or is a long mixture of
 * letters and digits.
 */
function mayBeKey(text: string): boolean {
  if (findKeyOwner(text) !== null || /^(?:sk|pk|rk|ghp|github_pat|hf)[-_]/i.test(text)) return true;
  return text.length >= 24 && /\d/.test(text) && !/[\s/*]/.test(text);
}

/** A text of the file in quotes, for a message; cut when it is long, and `…` alone when it may be a key. */
export function quoteText(text: string): string {
  if (mayBeKey(text)) return '"…"';
  const cut = text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
  return JSON.stringify(cut.replace(unseenCharacters, escapeUnits)).replaceAll("\\\\u", "\\u");
}

/** A path as people write it: `cases[0].when.kind`, `models["desk/qwen3:8b"].window`. */
export function formatPath(path: KeyPath): string {
  let text = "";
  for (const key of path) {
    if (typeof key === "number") text += `[${key}]`;
    else if (/^[\w-]+$/.test(key) && !mayBeKey(key) && key.length <= longestShown)
      text += `${text === "" ? "" : "."}${key}`;
    else text += `[${quoteText(key)}]`;
  }
  return text;
}

/** The members of an upstream that may hold a key. */
const secretMembers: ReadonlySet<unknown> = new Set(["url", "key", "keys", "headers", "body", "http_proxy"]);

/** Whether a secret may stand there, so that no message shows the value. */
export function isSecretPlace([section, name, member]: KeyPath): boolean {
  if (section === "upstreams") return secretMembers.has(member);
  return section === "clients" ? member === "key" : section === "server" && name === "record";
}

/**
 * Creates a function that gives the text at a path in quotes and with a blank behind it, for a message; nothing where it
 * is, or came from, what may be a secret.
 */
export function createTextShower(
  hasReference: (path: KeyPath) => boolean,
): (path: KeyPath, text: string) => string {
  return (path, text) =>
    text === "" || isSecretPlace(path) || hasReference(path) ? "" : `${quoteText(text)} `;
}

/** The value at a path of data from outside; undefined where there is none. */
export function valueAt(data: unknown, path: KeyPath): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}
