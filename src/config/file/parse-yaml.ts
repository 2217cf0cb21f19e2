import { isAlias, isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument } from "yaml";
import { besideMark, type Fault, type KeyPath, keyOfPath, quoteText } from "./key-path.ts";
import { listSyntaxFaults } from "./list-syntax-faults.ts";

/** A line and a column of the file, both from 1. */
export interface FilePlace {
  readonly line: number;
  readonly column: number;
}

export interface ParsedYaml {
  /** Texts, numbers, booleans, null, lists, and objects that may have any keys but `__proto__`. */
  readonly data: unknown;
  /** Where the key of a value stands; for a path that is not in the file, its nearest parent. */
  readonly findPlace: (path: KeyPath) => FilePlace;
  /** Faults of the syntax, in the order of the file; then `data` is undefined. */
  readonly syntaxFaults: readonly { readonly place: FilePlace; readonly text: string }[];
  /** Keys that are given twice or are no texts. */
  readonly faults: readonly Fault[];
}

/** After a fault of the syntax others follow from it. */
const mostSyntaxFaults = 3;
/** Some aliases in each other can stand for millions of values. */
const mostValues = 20_000;
const deepest = 50;

/** Says why a file that is YAML is not read. */
class UnreadableError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Turns the nodes of a document into plain values, and remembers where they stand. */
class NodeReader {
  readonly faults: Fault[] = [];
  readonly offsets = new Map<string, number>();
  private readonly anchors = new Map<string, unknown>();
  private readonly open = new Set<unknown>();
  private values = 0;
  private readonly lineOf: (offset: number) => number;

  constructor(lineOf: (offset: number) => number) {
    this.lineOf = lineOf;
  }

  read(node: unknown, path: KeyPath, offset: number): unknown {
    this.values += 1;
    if (this.values > mostValues)
      throw new UnreadableError(`The file stands for more than ${mostValues} values`, offset);
    if (path.length > deepest)
      throw new UnreadableError(`It is nested deeper than ${deepest} levels`, offset);
    if (isAlias(node)) {
      const target = this.anchors.get(node.source);
      if (target === undefined || this.open.has(target))
        throw new UnreadableError(
          target === undefined
            ? "An alias (*) has no anchor (&) before it"
            : "An alias (*) stands for itself",
          offset,
        );
      return this.read(target, path, offset);
    }
    if (isMap(node) || isSeq(node) || isScalar(node)) {
      if (node.anchor !== undefined) this.anchors.set(node.anchor, node);
    }
    if (isScalar(node)) return typeof node.value === "bigint" ? Number(node.value) : node.value;
    if (!isMap(node) && !isSeq(node)) return null;
    this.open.add(node);
    const value = isMap(node)
      ? this.readMap(node.items, path, offset)
      : node.items.map((item, index) => this.readAt(item, [...path, index], startOf(item) ?? offset));
    this.open.delete(node);
    return value;
  }

  private addFault(path: KeyPath, text: string, offset: number): void {
    this.offsets.set(keyOfPath(path), offset);
    this.faults.push({ path, text });
  }

  private readAt(node: unknown, path: KeyPath, offset: number): unknown {
    this.offsets.set(keyOfPath(path), offset);
    return this.read(node, path, offset);
  }

  private readMap(pairs: readonly Pair[], path: KeyPath, parentOffset: number): unknown {
    const members = new Map<string, unknown>();
    for (const { key, value } of pairs) {
      const offset = startOf(key) ?? parentOffset;
      const name = textOfKey(key);
      if (name === null) {
        this.addFault(
          [...path, `${offset}${besideMark}`],
          "has a key that is no text before a colon",
          offset,
        );
        continue;
      }
      const own = [...path, name];
      const first = this.offsets.get(keyOfPath(own));
      if (members.has(name)) {
        const line = first === undefined ? "" : `: the first one is on line ${this.lineOf(first)}`;
        // The fault belongs to the second one, and everything else to the first.
        this.addFault(
          [...path, `${offset}${besideMark}`],
          `has the key ${quoteText(name)} twice${line}`,
          offset,
        );
      } else members.set(name, this.readAt(value, own, offset));
    }
    return Object.fromEntries(members);
  }
}

/** Numbers and truth values are keys by their text; null if it is none, or no member can have it. */
function textOfKey(key: unknown): string | null {
  if (!isScalar(key) || key.value === null) return null;
  const text = typeof key.value === "string" ? key.value : (key.source ?? "");
  return text === "" || text === "__proto__" ? null : text;
}

function startOf(node: unknown): number | null {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? (node.range?.[0] ?? null) : null;
}

/** Parses the text of a configuration file: one YAML 1.2 document. Never throws. */
export function parseYaml(text: string): ParsedYaml {
  const counter = new LineCounter();
  const placeOf = (offset: number): FilePlace => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const reader = new NodeReader((offset) => placeOf(offset).line);
  const findPlace = (path: KeyPath): FilePlace => {
    for (let length = path.length; length > 0; length -= 1) {
      const offset = reader.offsets.get(keyOfPath(path.slice(0, length)));
      if (offset !== undefined) return placeOf(offset);
    }
    return { line: 1, column: 1 };
  };
  const failed = (syntaxFaults: ParsedYaml["syntaxFaults"]): ParsedYaml => ({
    data: undefined,
    findPlace,
    syntaxFaults,
    faults: [],
  });
  try {
    const document = parseDocument(text.replace(/^\ufeff/, ""), {
      lineCounter: counter,
      version: "1.2",
      schema: "core",
      prettyErrors: false,
      uniqueKeys: false,
      // With "silent" the parser also keeps to itself that there is a second document.
      logLevel: "error",
    });
    const found = listSyntaxFaults(document, text);
    if (found.length > 0) {
      const placed = found.map(({ offset, text }) => ({ place: placeOf(offset), text }));
      return failed(onePerLine(placed).slice(0, mostSyntaxFaults));
    }
    return {
      data: reader.read(document.contents, [], 0),
      findPlace,
      syntaxFaults: [],
      faults: reader.faults,
    };
  } catch (error) {
    // The parser calls itself for each level, so a text of brackets alone leaves it no room.
    const [reason, offset] =
      error instanceof UnreadableError ? [error.message, error.offset] : ["It is nested too deeply", 0];
    return failed([{ place: placeOf(offset), text: `${reason}.` }]);
  }
}

function onePerLine<Found extends { readonly place: FilePlace }>(found: readonly Found[]): Found[] {
  const lines = new Map<number, Found>();
  for (const fault of found) if (!lines.has(fault.place.line)) lines.set(fault.place.line, fault);
  return [...lines.values()].sort((left, right) => left.place.line - right.place.line);
}
