import {
  Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from "yaml";
import { schemaLine } from "./file-schema.ts";

type Path = readonly string[];

/**
 * Sets one value in the text of a configuration file. What stands there otherwise, comments and blanks among it, stays as
 * it is; of a map that exists, only the members that `value` has are changed. Throws if the text is no YAML, or no map.
 * @param text empty for a new file
 */
export function setInYaml(text: string, [section = "", ...rest]: Path, value: unknown): string {
  const start = text.trim() === "" ? `${schemaLine}\n` : text;
  const document = parseDocument(start);
  const [error] = document.errors;
  if (error !== undefined) throw error;
  const whole = rest.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  if (document.contents === null) return endLine(start) + formatEntry(section, whole, true);
  if (!isMap(document.contents)) throw new Error("The file is not a map of keys.");
  return setMember(start, [], section, whole);
}

/** Adds an item to a list of the file, if it has none that is the same. */
export function addToYamlList(text: string, key: string, item: unknown): string {
  const document = parseDocument(text);
  const list: unknown = document.get(key);
  const known: unknown = isSeq(list) || isAlias(list) ? list.toJS(document) : [];
  const items: readonly unknown[] = Array.isArray(known) ? known : [];
  if (items.some((one) => Bun.deepEquals(one, item))) return text;
  const last = isSeq(list) ? list.items.at(-1) : undefined;
  if (!isSeq(list) || !isNode(last) || !last.range) return setInYaml(text, [key], [...items, item]);
  const [from, to] = last.range;
  if (list.flow === true) return insert(text, to, `, ${formatFlow(item)}`);
  // In front of the item stand a dash and a blank.
  const indent = " ".repeat(Math.max(from - lineStart(text, from) - 2, 0));
  return insertLine(text, to, `${indent}- ${formatFlow(item)}\n`);
}

function setMember(text: string, path: Path, key: string, value: unknown): string {
  const document = parseDocument(text);
  const map = findMap(document, path);
  const pair = map.items.find((one) => isScalar(one.key) && one.key.value === key);
  if (pair === undefined) return addMember(text, map, path, key, value);
  const node = pair.value;
  if (isAlias(node) && node.range) {
    // What the alias stands for is not changed, but a copy of it.
    const copy = formatFlow(node.toJS(document));
    const copied = text.slice(0, node.range[0]) + copy + text.slice(node.range[1]);
    return setMember(copied, path, key, value);
  }
  if (isMap(node) && node.items.length > 0 && isPlainMap(value)) {
    return Object.entries(value).reduce(
      (changed, [member, inner]) => setMember(changed, [...path, key], member, inner),
      text,
    );
  }
  if (isNode(node) && Bun.deepEquals(node.toJSON(), value)) return text;
  if (isNode(node) && node.range && node.range[1] > node.range[0]) {
    return `${text.slice(0, node.range[0])}${formatFlow(value)}${text.slice(node.range[1])}`;
  }
  const colon = text.indexOf(":", isNode(pair.key) ? (pair.key.range?.[1] ?? 0) : 0) + 1;
  const isSection = path.length === 0 && isPlainMap(value);
  return insert(text, colon, isSection ? formatBlock(value).trimEnd() : ` ${formatFlow(value)}`);
}

function addMember(text: string, map: YAMLMap, path: Path, key: string, value: unknown): string {
  const last = map.items.at(-1);
  if (last === undefined || map.flow === true) {
    const at = last === undefined ? (map.range?.[0] ?? 0) + 1 : endOf(last);
    return insert(text, at, `${last === undefined ? " " : ", "}${formatFlow(key)}: ${formatFlow(value)}`);
  }
  const firstKey = map.items[0]?.key;
  const start = isNode(firstKey) ? (firstKey.range?.[0] ?? 0) : 0;
  const indent = " ".repeat(start - lineStart(text, start));
  return insertLine(text, endOf(last), indent + formatEntry(key, value, path.length === 0));
}

/** An entry; a section of the file takes a line for each of its members. */
function formatEntry(key: string, value: unknown, isSection: boolean): string {
  const isBlock = isSection && (isPlainMap(value) || Array.isArray(value));
  return `${formatFlow(key)}:${isBlock ? formatBlock(value) : ` ${formatFlow(value)}\n`}`;
}

function formatBlock(value: Record<string, unknown> | unknown[]): string {
  const lines = Array.isArray(value)
    ? value.map((item) => `  - ${formatFlow(item)}\n`)
    : Object.entries(value).map(([key, inner]) => `  ${formatFlow(key)}: ${formatFlow(inner)}\n`);
  return `\n${lines.join("")}`;
}

/** A value on one line, for any place. */
function formatFlow(value: unknown): string {
  // Between braces these would end a text without quotes.
  if (typeof value === "string" && /[{}[\],#]/.test(value)) return JSON.stringify(value);
  const document = new Document(value);
  if (isCollection(document.contents)) document.contents.flow = true;
  return document.toString({ lineWidth: 0, flowCollectionPadding: true }).trim();
}

function findMap({ contents }: Document, path: Path): YAMLMap {
  const found = path.reduce<unknown>((node, key) => (isMap(node) ? node.get(key, true) : null), contents);
  if (!isMap(found)) throw new Error(`${path.join(".")} is not a map of keys.`);
  return found;
}

const isNode = (value: unknown): value is Node => isScalar(value) || isCollection(value);

const isPlainMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function endOf({ key, value }: Pair): number {
  const node = isNode(value) && value.range && value.range[1] > value.range[0] ? value : key;
  return isNode(node) ? (node.range?.[1] ?? 0) : 0;
}

const insert = (text: string, at: number, added: string) => text.slice(0, at) + added + text.slice(at);

/** Inserts a line behind the one in which `at` is, or where one has just ended. */
function insertLine(text: string, at: number, line: string): string {
  if (text.charAt(at - 1) === "\n") return insert(text, at, line);
  const end = text.indexOf("\n", at);
  return end === -1 ? `${text}\n${line}` : insert(text, end + 1, line);
}

const lineStart = (text: string, at: number) => text.lastIndexOf("\n", at - 1) + 1;

const endLine = (text: string) => (text === "" || text.endsWith("\n") ? text : `${text}\n`);
