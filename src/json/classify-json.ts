/** Whether a text is a whole JSON value, the beginning of one, or neither. */
export type JsonCompleteness = "complete" | "incomplete" | "invalid";

/**
 * Distinguishes a JSON text that was cut off from one that never was JSON. `JSON.parse` refuses both alike, but a cut
 * tool call must not be run while a garbled one may be shown to the model. Linear in the text, without recursion.
 */
export function classifyJson(text: string): JsonCompleteness {
  if (parses(text)) return "complete";
  const scanner = new JsonScanner(text);
  return scanner.scan();
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // The error is not needed: the scanner finds out which of the two faults it is.
    return false;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a JSON string may hold any character but these.
const stringCharacters = /[^"\\\u0000-\u001f]*/y;
const escapeStart = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const cutEscape = /\\(?:u[0-9a-fA-F]{0,3})?$/y;
const blanks = /[ \t\n\r]*/y;
const wholeNumber = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const cutNumber = /-?(?:(?:0|[1-9]\d*)(?:\.\d*)?(?:(?<=\d)[eE][+-]?\d*)?)?$/y;
const literals = ["true", "false", "null"];

type Expected = "value" | "value or ]" | "key or }" | "key" | "colon" | "comma or end";

/** Walks a text that is known not to be a whole JSON value and determines whether it could become one. */
class JsonScanner {
  readonly #text: string;
  #at = 0;
  #expected: Expected = "value";
  readonly #open: ("{" | "[")[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  scan(): JsonCompleteness {
    for (;;) {
      this.#skip(blanks);
      if (this.#at >= this.#text.length) return "incomplete";
      if (this.#expected === "comma or end" && this.#open.length === 0) return "invalid";
      const step = this.#step(this.#text.charAt(this.#at));
      if (step !== "goes on") return step;
    }
  }

  #step(character: string): "goes on" | "incomplete" | "invalid" {
    switch (this.#expected) {
      case "colon":
        return this.#accept(character === ":", "value");
      case "comma or end":
        if (character === ",") return this.#accept(true, this.#open.at(-1) === "{" ? "key" : "value");
        return this.#closes(character) ? "goes on" : "invalid";
      case "key or }":
        if (this.#closes(character)) return "goes on";
        return character === '"' ? this.#string("colon") : "invalid";
      case "key":
        return character === '"' ? this.#string("colon") : "invalid";
      case "value or ]":
        return this.#closes(character) ? "goes on" : this.#value(character);
      case "value":
        return this.#value(character);
    }
  }

  #accept(isRight: boolean, next: Expected): "goes on" | "invalid" {
    if (!isRight) return "invalid";
    this.#at += 1;
    this.#expected = next;
    return "goes on";
  }

  #closes(character: string): boolean {
    const opener = character === "}" ? "{" : character === "]" ? "[" : undefined;
    if (opener === undefined || this.#open.at(-1) !== opener) return false;
    this.#open.pop();
    this.#at += 1;
    this.#expected = "comma or end";
    return true;
  }

  #value(character: string): "goes on" | "incomplete" | "invalid" {
    if (character === "{" || character === "[") {
      this.#open.push(character);
      return this.#accept(true, character === "{" ? "key or }" : "value or ]");
    }
    if (character === '"') return this.#string("comma or end");
    return this.#scalar();
  }

  #scalar(): "goes on" | "incomplete" | "invalid" {
    const rest = this.#text.slice(this.#at, this.#at + 5);
    for (const literal of literals) {
      if (rest.startsWith(literal)) {
        this.#at += literal.length;
        this.#expected = "comma or end";
        return "goes on";
      }
      if (this.#at + rest.length === this.#text.length && literal.startsWith(rest)) return "incomplete";
    }
    if (this.#matches(cutNumber)) return "incomplete";
    if (!this.#skip(wholeNumber)) return "invalid";
    this.#expected = "comma or end";
    return "goes on";
  }

  #string(next: Expected): "goes on" | "incomplete" | "invalid" {
    this.#at += 1;
    for (;;) {
      this.#skip(stringCharacters);
      if (this.#at >= this.#text.length) return "incomplete";
      if (this.#text.charAt(this.#at) === '"') return this.#accept(true, next);
      if (this.#skip(escapeStart)) continue;
      return this.#matches(cutEscape) ? "incomplete" : "invalid";
    }
  }

  /** Advances past the match of a sticky pattern; true if it took at least one character. */
  #skip(pattern: RegExp): boolean {
    if (!this.#matches(pattern)) return false;
    const moved = pattern.lastIndex > this.#at;
    this.#at = pattern.lastIndex;
    return moved;
  }

  #matches(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#text);
  }
}
