import type { DroppedKeys, KeyRange } from "./dropped-keys.ts";
import { GatheredText } from "./gathered-text.ts";

/** The top-level members that are dropped when their value is `null`, and those that are when it is `""`. */
export interface DroppedMembers {
  whenNull: ReadonlySet<string>;
  whenEmpty: ReadonlySet<string>;
}

/**
 * Lets the text of one JSON object through as it comes and leaves out top-level members that the client's
 * input validation would refuse: strict-mode models send `null` for what they leave out (rule 3.5). A member
 * that may be dropped is held back from its key until the first character of its value tells, so nothing has to
 * be taken back; every other member goes out as it comes.
 * Text behind the object is not let through. What is no object at all is let through unchanged.
 */
export class MemberFilter {
  readonly #dropped: DroppedKeys;
  #state: "start" | "key" | "colon" | "value" | "inside" | "dropping" | "passing" | "done" = "start";
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** From the comma before a member to the first characters of its value. */
  readonly #held = new GatheredText();
  /** With its quotes, as far as it has come. */
  #key = "";
  /** What the key may become, by its characters so far; null once an escape leaves that to its end. */
  #candidates: KeyRange | null = null;
  /** In state `dropping`: the value so far. */
  #value = "";
  #hasMembers = false;
  #hasIgnored = false;

  constructor(dropped: DroppedKeys) {
    this.#dropped = dropped;
  }

  /** True once the object's last bracket has come. */
  get isDone(): boolean {
    return this.#state === "done";
  }

  /** True when the text does not start as an object. */
  get isPassing(): boolean {
    return this.#state === "passing";
  }

  /** True when text that is not blank came behind the object. */
  get hasIgnored(): boolean {
    return this.#hasIgnored;
  }

  /** Returns what may go out now. */
  push(text: string): string {
    let out = "";
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      if (this.#state === "inside") {
        at = this.#walkInside(text, at);
        out += text.slice(from, at);
        from = at;
        if (at >= text.length) break;
      }
      if (this.#state === "passing") return out + text.slice(from);
      if (this.#state === "done") {
        this.#hasIgnored ||= text.slice(at).trim() !== "";
        return out;
      }
      out += this.#step(text.charAt(at));
      from = at + 1;
    }
    return out;
  }

  /** What was held back when the text ends early. */
  flush(): string {
    return this.#held.take();
  }

  #step(character: string): string {
    switch (this.#state) {
      case "start":
        return this.#start(character);
      case "key":
        return this.#keyStep(character);
      case "colon":
        this.#held.add(character);
        if (character === ":") this.#state = "value";
        return "";
      case "value":
        return this.#valueStep(character);
      default:
        return this.#dropStep(character);
    }
  }

  #start(character: string): string {
    if (character.trim() === "") return "";
    if (character !== "{") {
      this.#state = "passing";
      return character;
    }
    this.#depth = 1;
    this.#state = "key";
    return character;
  }

  /** Between members, and in a key. */
  #keyStep(character: string): string {
    if (this.#inString) {
      this.#held.add(character);
      this.#key += character;
      if (this.#endsString(character)) this.#state = "colon";
      else this.#narrow(character);
      return this.#mayBeDropped() ? "" : this.#release();
    }
    if (character === '"') {
      this.#inString = true;
      this.#key = character;
      this.#candidates = this.#dropped.all();
    } else if (character === "}") {
      return this.#close(character);
    } else if (character === "," && !this.#hasMembers) {
      // The member this comma stood behind was dropped.
      return "";
    }
    this.#held.add(character);
    return this.#mayBeDropped() ? "" : this.#release();
  }

  /** Takes one more character of the key, in time that does not grow with the key or the number of candidates. */
  #narrow(character: string): void {
    if (character === "\\") this.#candidates = null;
    if (this.#candidates === null) return;
    const at = this.#key.length - 2;
    this.#candidates = this.#dropped.narrow(this.#candidates, at, character.charCodeAt(0));
  }

  /** Whether the member that begins with what is held may turn out to be one that is dropped. */
  #mayBeDropped(): boolean {
    if (this.#dropped.isEmpty) return false;
    if (this.#state === "colon") return this.#isDroppedKey(this.#keyName());
    if (this.#key === "") return true;
    // In a key with an escape only its end will tell.
    if (this.#candidates === null) return this.#key.length - 1 <= this.#dropped.longestWritten;
    return this.#candidates.from < this.#candidates.to;
  }

  #isDroppedKey(key: string): boolean {
    return this.#dropped.isDroppedWhenNull(key) || this.#dropped.isDroppedWhenEmpty(key);
  }

  /** Lets a member through that will not be dropped. */
  #release(): string {
    this.#key = "";
    this.#hasMembers = true;
    this.#state = "inside";
    return this.#held.take();
  }

  #valueStep(character: string): string {
    const isNull = character === "n" && this.#dropped.isDroppedWhenNull(this.#keyName());
    const mayBeEmpty = character === '"' && this.#dropped.isDroppedWhenEmpty(this.#keyName());
    if (isNull || mayBeEmpty) {
      this.#held.add(character);
      this.#value = character;
      this.#state = "dropping";
      return "";
    }
    if (character.trim() === "") {
      this.#held.add(character);
      return "";
    }
    const held = this.#release();
    return held + this.push(character);
  }

  /** In a value that is dropped if it is as short as it looks: `null` or `""`. */
  #dropStep(character: string): string {
    const isEnd = character === "," || character === "}" || character.trim() === "";
    const value = this.#value;
    if (isEnd && (value === "null" || value === '""')) {
      this.#held.take();
      this.#key = "";
      this.#state = "key";
      return this.#keyStep(character);
    }
    if (
      (value + character).length <= 4 &&
      ("null".startsWith(value + character) || value + character === '""')
    ) {
      this.#held.add(character);
      this.#value += character;
      return "";
    }
    // Not what it looked like: let the held part through, read so far as a value.
    const held = this.#release();
    this.#inString = value.startsWith('"');
    this.#escaped = false;
    return held + this.push(character);
  }

  #close(character: string): string {
    this.#depth = 0;
    this.#state = "done";
    return this.#held.take() + character;
  }

  /** Walks a value from `at`; returns where it (or the text) ends: at the comma or bracket behind it. */
  #walkInside(text: string, at: number): number {
    let position = at;
    for (; position < text.length; position += 1) {
      const code = text.charCodeAt(position);
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (code === 92) this.#escaped = true;
        else if (code === 34) this.#inString = false;
      } else if (code === 34) this.#inString = true;
      else if (code === 123 || code === 91) this.#depth += 1;
      else if (code === 125 || code === 93) {
        if (this.#depth === 1) break;
        this.#depth -= 1;
      } else if (code === 44 && this.#depth === 1) break;
    }
    if (position < text.length) this.#state = "key";
    return position;
  }

  #endsString(character: string): boolean {
    if (this.#escaped) {
      this.#escaped = false;
      return false;
    }
    if (character === "\\") this.#escaped = true;
    if (character === '"') this.#inString = false;
    return character === '"';
  }

  #keyName(): string {
    try {
      const name: unknown = JSON.parse(this.#key);
      return typeof name === "string" ? name : "";
    } catch {
      // A broken key names no property of the schema, so nothing is dropped.
      return "";
    }
  }
}
