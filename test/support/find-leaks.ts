import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { readRows } from "../record/recorded.ts";
import { isObject } from "./strict/json.ts";

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
const escapeHtmlByName = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
const escapeUnicode = (text: string) =>
  [...text].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
const jsonOf = (text: string) => JSON.stringify(text).slice(1, -1);

/** What encodes three bytes at a time hides where a text begins; the ends, which hold bits of neighbours, are left out. */
function base64Forms(secret: string): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.from("x".repeat(before) + secret).toString("base64");
    return text.slice(before === 0 ? 0 : 4, -4);
  });
}

/** A secret as it may stand somewhere, in each encoding; and its halves, also the other way round. */
function formsOf(secret: string): string[] {
  const middle = Math.floor(secret.length / 2);
  const [one, other] = [secret.slice(0, middle), secret.slice(middle)];
  const plain = [secret, one, other, other + one, [...secret].reverse().join("")];
  const encoded = plain.flatMap((text) => [
    text,
    jsonOf(text),
    jsonOf(jsonOf(text)),
    encodeURIComponent(text),
    encodeURIComponent(text).toLowerCase(),
    encodeURI(text),
    escapeHtml(text),
    escapeHtmlByName(text),
    escapeUnicode(text),
    Buffer.from(text).toString("hex"),
    Buffer.from(text).toString("hex").toUpperCase(),
  ]);
  const base64 = base64Forms(secret).flatMap((text) => [
    text,
    text.replaceAll("+", "-").replaceAll("/", "_"),
    encodeURIComponent(text),
  ]);
  return [...new Set([...encoded, ...base64])];
}

/** One place in which a secret stands, and what is around it. */
export interface Leak {
  place: string;
  secret: string;
  around: string;
}

/** Creates a search for these secrets, each by a name, in texts, each by its place. */
export function createLeakSearch(secrets: Readonly<Record<string, string>>) {
  const forms = Object.entries(secrets).flatMap(([name, secret]) =>
    formsOf(secret).map((form) => ({ name, form })),
  );
  return (
    texts: Iterable<readonly [place: string, text: string]>,
    allowed: readonly string[] = [],
  ): Leak[] => {
    const leaks: Leak[] = [];
    for (const [place, text] of texts) {
      for (const { name, form } of forms) {
        const at = allowed.includes(name) ? -1 : text.indexOf(form);
        if (at === -1 || leaks.some((leak) => leak.place === place && leak.secret === name)) continue;
        leaks.push({ place, secret: name, around: text.slice(Math.max(0, at - 200), at + 120) });
      }
    }
    return leaks;
  };
}

/** The text, and what a reader of its events would join, however their members are called. */
export function withJoinedPieces(text: string): string {
  const joined = new Map<string, string>();
  for (const [, json = ""] of text.matchAll(/^data: ?(\{.*\})\r?$/gm)) collectTexts(parse(json), "", joined);
  return [text, ...joined.values()].join("\n");
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // Half an event, where a message was cut.
    return null;
  }
}

function collectTexts(value: unknown, path: string, joined: Map<string, string>): void {
  if (typeof value === "string") joined.set(path, (joined.get(path) ?? "") + value);
  else if (Array.isArray(value)) for (const entry of value) collectTexts(entry, path, joined);
  else if (isObject(value)) {
    const place = `${path} ${value["index"] ?? ""} ${value["output_index"] ?? ""}`;
    for (const [name, member] of Object.entries(value)) collectTexts(member, `${place}.${name}`, joined);
  }
}

/** Every file below a folder, byte by byte, and every message of a record unpacked. */
export function readFiles(folder: string): (readonly [place: string, text: string])[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((file) => join(file.parentPath, file.name));
  const texts = paths.map((path) => {
    const text = readFileSync(path, "latin1");
    return [path, path.endsWith(".log") ? withLoggedTexts(text) : text] as const;
  });
  const records = paths.filter((path) => basename(path) === "record.sqlite").flatMap(readBodies);
  return [...texts, ...records];
}

/** The log, and what a reader would join of the messages in it. */
function withLoggedTexts(log: string): string {
  const texts = log.split("\n").flatMap((line) => {
    const joined = new Map<string, string>();
    collectTexts(parse(line), "", joined);
    return [...joined.values()].map(withJoinedPieces);
  });
  return [log, ...texts].join("\n");
}

function readBodies(path: string): (readonly [place: string, text: string])[] {
  return readRows(path, "select seq, name, send, content from bodies").map(({ seq, name, send, content }) => {
    const text = content instanceof Uint8Array ? Bun.zstdDecompressSync(content).toString() : "";
    return [`body ${seq} ${name} ${send}`, withJoinedPieces(text)] as const;
  });
}

/** What every user of the machine may read of a process and of those that it has started. Linux only. */
export function readProcessList(pid: number): (readonly [place: string, text: string])[] {
  if (!existsSync("/proc/self/task")) return [];
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
  const own = [`/proc/${pid}/cmdline`, `/proc/${pid}/comm`].map(
    (path) => [path, readFileSync(path, "utf8")] as const,
  );
  const ofChildren = children.flatMap((child) => [
    [`environment of ${child}`, readFileSync(`/proc/${child}/environ`, "utf8")] as const,
    ...readProcessList(child),
  ]);
  return [...own, ...ofChildren];
}
