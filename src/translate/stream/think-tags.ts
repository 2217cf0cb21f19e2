import { GatheredText } from "./gathered-text.ts";

/** A piece of an answer's text: reasoning that was written into it, or the answer itself. */
export interface TextPiece {
  kind: "thinking" | "text";
  text: string;
}

type ThinkTagMode = "auto" | "gemini" | "off";

const openTags = ["<think>", "<thinking>", "<reasoning>"];
const openTagsOfGemini = [...openTags, "<thought>"];

/**
 * A whole answer with the tag that opens its reasoning (rule 3.3): some chat templates end the prompt with that
 * tag, so that the answer has only the closing one. Any other text comes back as it is.
 */
export function restoreOpenTag(text: string, mode: ThinkTagMode): string {
  const known = tagsOf(mode);
  const closed = known
    .map((tag) => ({ tag, at: text.indexOf(closeTagOf(tag)) }))
    .filter(({ at }) => at !== -1)
    .sort((one, other) => one.at - other.at);
  const [first] = closed;
  if (first === undefined || known.some((tag) => text.slice(0, first.at).includes(tag))) return text;
  return first.tag + text;
}

function tagsOf(mode: ThinkTagMode): readonly string[] {
  if (mode === "off") return [];
  return mode === "gemini" ? openTagsOfGemini : openTags;
}

function closeTagOf(openTag: string): string {
  return `</${openTag.slice(1)}`;
}

/**
 * Takes reasoning out of an answer that starts with `<think>…</think>` (rule 3.3). Only the first non-blank
 * characters of an answer count: further on, people write about such tags. The reasoning is held until its
 * end, because a tag that is never closed makes the whole text the answer. Linear in the text.
 */
export class ThinkTags {
  readonly #openTags: readonly string[];
  #state: "undecided" | "inside" | "behind" | "text";
  #openTag = "";
  #depth = 0;
  /** Blanks before the open tag, and the tag. */
  readonly #opening = new GatheredText();
  /** Of the reasoning, what has been looked through for tags. */
  readonly #seen = new GatheredText();
  /** What has not been looked through yet. */
  #unseen = "";

  constructor(mode: ThinkTagMode) {
    this.#openTags = tagsOf(mode);
    this.#state = mode === "off" ? "text" : "undecided";
  }

  /** Something is held that is not blank. */
  get isHolding(): boolean {
    return this.#openTag !== "" || this.#unseen !== "";
  }

  push(text: string): TextPiece[] {
    if (this.#state === "text") return [{ kind: "text", text }];
    if (this.#state === "behind") return this.#startText(text);
    this.#unseen += text;
    if (this.#state === "undecided" && !this.#decide()) return [];
    return this.#state === "inside" ? this.#closeTag() : this.#release();
  }

  /** What is still held when the answer ends: an open tag makes it all text. */
  finish(): TextPiece[] {
    return this.#release();
  }

  /** True when it is known whether the answer starts with a tag. */
  #decide(): boolean {
    const start = this.#unseen.trimStart();
    this.#opening.add(this.#unseen.slice(0, this.#unseen.length - start.length));
    this.#unseen = start;
    const tag = this.#openTags.find((candidate) => start.startsWith(candidate));
    if (tag === undefined) {
      if (this.#openTags.some((candidate) => candidate.startsWith(start))) return false;
      this.#state = "text";
      return true;
    }
    this.#state = "inside";
    this.#openTag = tag;
    this.#depth = 1;
    this.#opening.add(tag);
    this.#unseen = start.slice(tag.length);
    return true;
  }

  /** Looks for the closing tag, past nested pairs. Each tag is looked for from where the one before was found. */
  #closeTag(): TextPiece[] {
    const text = this.#unseen;
    const openTag = this.#openTag;
    const closeTag = closeTagOf(openTag);
    let open = text.indexOf(openTag);
    let close = text.indexOf(closeTag);
    let seen = 0;
    for (;;) {
      if (open !== -1 && (close === -1 || open < close)) {
        this.#depth += 1;
        seen = open + openTag.length;
        open = text.indexOf(openTag, seen);
      } else if (close === -1) {
        // A tag may be split over two pushes: its beginning is looked at again.
        this.#pass(Math.max(seen, text.length - closeTag.length + 1));
        return [];
      } else {
        this.#depth -= 1;
        if (this.#depth === 0) return this.#split(close, closeTag.length);
        seen = close + closeTag.length;
        close = text.indexOf(closeTag, seen);
      }
    }
  }

  #pass(length: number): void {
    this.#seen.add(this.#unseen.slice(0, length));
    this.#unseen = this.#unseen.slice(length);
  }

  #split(close: number, tagLength: number): TextPiece[] {
    const thinking = (this.#seen.text + this.#unseen.slice(0, close)).trim();
    const rest = this.#unseen.slice(close + tagLength);
    this.#forget();
    this.#state = "behind";
    const pieces = this.#startText(rest);
    return thinking === "" ? pieces : [{ kind: "thinking", text: thinking }, ...pieces];
  }

  /** The blanks between the closing tag and the answer belong to neither. */
  #startText(text: string): TextPiece[] {
    const start = text.trimStart();
    if (start === "") return [];
    this.#state = "text";
    return [{ kind: "text", text: start }];
  }

  #release(): TextPiece[] {
    const text = this.#opening.text + this.#seen.text + this.#unseen;
    this.#forget();
    this.#state = "text";
    return text === "" ? [] : [{ kind: "text", text }];
  }

  #forget(): void {
    this.#opening.take();
    this.#seen.take();
    this.#unseen = "";
    this.#openTag = "";
  }
}
