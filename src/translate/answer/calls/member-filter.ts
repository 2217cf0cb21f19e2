import { GatheredText } from "../gathered-text.ts";
import { MemberKey } from "./member-key.ts";
import type { MemberRules } from "./member-rules.ts";
import { unwrapStructure } from "./unwrap-structure.ts";

/** `opening`: after the first bracket; `inside`: in a value that is let through; the others hold a value back. */
type State =
  | "start"
  | "opening"
  | "empty"
  | "between"
  | "key"
  | "colon"
  | "value"
  | ValueState
  | "passing"
  | "done";
type ValueState = "inside" | "dropping" | "wrapped";

/**
 * Lets the text of one JSON object through as it comes, and repairs top-level members that the client's input
 * validation would refuse (rule 3.5): strict-mode models send `null` for absent members, others write a list as a text.
 * A member with a rule is held from its key until the first character of its value decides, and a text that must be a
 * list until its end, so nothing has to be taken back; every other member passes as it comes. An object without members
 * is also held: it is a placeholder if another object follows. Text after the object is kept apart. Text that is not an
 * object passes unchanged.
 */
export class MemberFilter {
  readonly #rules: MemberRules;
  #state: State = "start";
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The text from the comma before a member to its value. */
  readonly #held = new GatheredText();
  #key: MemberKey;
  /** The name of a member with a rule; null for any other. */
  #name: string | null = null;
  /** In states `dropping` and `wrapped`: the value so far. */
  readonly #value = new GatheredText();
  #hasMembers = false;
  readonly #behind = new GatheredText();

  constructor(rules: MemberRules) {
    this.#rules = rules;
    this.#key = new MemberKey(rules);
  }

  /** True once the object's last bracket has come. */
  get isDone(): boolean {
    return this.#state === "done" || this.#state === "empty";
  }

  /** True if the object has no members, so that another one may replace it. */
  get isEmpty(): boolean {
    return this.#state === "empty";
  }

  /** True if the text does not start as an object. */
  get isPassing(): boolean {
    return this.#state === "passing";
  }

  /** The text after the object, without the blanks before it. */
  get behind(): string {
    return this.#behind.text;
  }

  /** Returns the text that may be sent now. */
  push(text: string): string {
    let out = "";
    let at = 0;
    while (at < text.length) {
      if (this.#state === "inside") {
        const end = this.#walkInside(text, at);
        out += text.slice(at, end);
        at = end;
      } else if (this.#state === "key") {
        const end = this.#key.push(text, at);
        this.#held.add(text.slice(at, end));
        out += this.#judgeKey();
        at = end;
      } else if (this.#state === "passing") return out + text.slice(at);
      else if (this.#state === "done") {
        this.#behind.add(this.#behind.isEmpty ? text.slice(at).trimStart() : text.slice(at));
        return out;
      } else {
        out += this.#step(text.charAt(at));
        at += 1;
      }
    }
    return out;
  }

  /** Returns the held text when the text ends. */
  flush(): string {
    return this.#held.take() + this.#value.take();
  }

  #step(character: string): string {
    switch (this.#state) {
      case "start":
        return this.#start(character);
      case "opening":
        return this.#openingStep(character);
      case "empty":
        return this.#emptyStep(character);
      case "between":
        return this.#betweenStep(character);
      case "colon":
        this.#held.add(character);
        if (character === ":") this.#state = "value";
        return "";
      case "value":
        return this.#valueStep(character);
      case "wrapped":
        return this.#wrappedStep(character);
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
    this.#held.add(character);
    this.#state = "opening";
    return "";
  }

  #openingStep(character: string): string {
    if (character === "}") this.#state = "empty";
    else if (character.trim() !== "") {
      this.#depth = 1;
      this.#state = "between";
      return this.#held.take() + this.#betweenStep(character);
    }
    this.#held.add(character);
    return "";
  }

  #emptyStep(character: string): string {
    if (character.trim() === "") return "";
    const empty = this.#held.take();
    if (character === "{") return this.#start(character);
    this.#state = "done";
    this.#behind.add(character);
    return empty;
  }

  #betweenStep(character: string): string {
    if (character === "}") {
      this.#state = "done";
      return this.#held.take() + character;
    }
    // The member before this comma was dropped.
    if (character === "," && !this.#hasMembers) return "";
    this.#held.add(character);
    if (this.#rules.isEmpty) return this.#release({ isInString: character === '"' });
    if (character === '"') {
      this.#key = new MemberKey(this.#rules);
      this.#state = "key";
    }
    return "";
  }

  /** Lets the member through as soon as no rule can apply to its key. */
  #judgeKey(): string {
    const key = this.#key;
    if (!key.isWhole) {
      return key.mayBeRuled ? "" : this.#release({ isInString: true, isEscaped: key.isEscaped });
    }
    this.#name = key.name;
    this.#state = "colon";
    return this.#name !== null && this.#rules.isRuled(this.#name) ? "" : this.#release();
  }

  #valueStep(character: string): string {
    const name = this.#name ?? "";
    const isText = character === '"';
    if (isText && this.#rules.structureOf(name) !== undefined) this.#state = "wrapped";
    else if (isText && this.#rules.isDroppedWhenEmpty(name)) this.#state = "dropping";
    else if (character === "n" && this.#rules.isDroppedWhenNull(name)) this.#state = "dropping";
    else if (character.trim() !== "") return this.#release() + this.push(character);
    (this.#state === "value" ? this.#held : this.#value).add(character);
    return "";
  }

  #dropStep(character: string): string {
    const value = this.#value.text;
    const isEnd = character === "," || character === "}" || character.trim() === "";
    if (isEnd && (value === "null" || value === '""')) {
      this.flush();
      this.#state = "between";
      return this.#betweenStep(character);
    }
    const longer = value + character;
    if ("null".startsWith(longer) || longer === '""') {
      this.#value.add(character);
      return "";
    }
    // Neither `null` nor `""`: let the held part through, as the beginning of a value.
    const held = this.#release({ isInString: value.startsWith('"') && value !== '""' });
    return held + this.#value.take() + this.push(character);
  }

  #wrappedStep(character: string): string {
    this.#value.add(character);
    if (this.#escaped) this.#escaped = false;
    else if (character === "\\") this.#escaped = true;
    else if (character === '"') {
      const written = this.#value.take();
      const wanted = this.#rules.structureOf(this.#name ?? "");
      return this.#release() + ((wanted && unwrapStructure(written, wanted)) ?? written);
    }
    return "";
  }

  /** Lets the held text through, and the rest of the member. */
  #release({ isInString = false, isEscaped = false } = {}): string {
    this.#hasMembers = true;
    this.#inString = isInString;
    this.#escaped = isEscaped;
    this.#state = "inside";
    return this.#held.take();
  }

  /** Walks a value from `at`; returns where it (or the text) ends: at the comma or bracket after it. */
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
    if (position < text.length) this.#state = "between";
    return position;
  }
}
