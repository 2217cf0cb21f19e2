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
 * end, because a tag that is never closed makes the whole text the answer.
 */
export class ThinkTags {
  readonly #openTags: readonly string[];
  #state: "undecided" | "inside" | "behind" | "text";
  #buffer = "";
  #openTag = "";
  #depth = 0;
  #scannedTo = 0;

  constructor(mode: ThinkTagMode) {
    this.#openTags = tagsOf(mode);
    this.#state = mode === "off" ? "text" : "undecided";
  }

  push(text: string): TextPiece[] {
    if (this.#state === "text") return [{ kind: "text", text }];
    if (this.#state === "behind") return this.#startText(text);
    this.#buffer += text;
    if (this.#state === "undecided" && !this.#decide()) return [];
    return this.#state === "inside" ? this.#closeTag() : this.#release();
  }

  /** What is still held when the answer ends: an open tag makes it all text. */
  finish(): TextPiece[] {
    return this.#release();
  }

  /** True when it is known whether the answer starts with a tag. */
  #decide(): boolean {
    const start = this.#buffer.trimStart();
    const tag = this.#openTags.find((candidate) => start.startsWith(candidate));
    if (tag === undefined) {
      if (this.#openTags.some((candidate) => candidate.startsWith(start))) return false;
      this.#state = "text";
      return true;
    }
    this.#state = "inside";
    this.#openTag = tag;
    this.#depth = 1;
    this.#scannedTo = this.#buffer.length - start.length + tag.length;
    return true;
  }

  /** Looks for the closing tag, past nested pairs. */
  #closeTag(): TextPiece[] {
    const closeTag = closeTagOf(this.#openTag);
    for (;;) {
      const close = this.#buffer.indexOf(closeTag, this.#scannedTo);
      const open = this.#buffer.indexOf(this.#openTag, this.#scannedTo);
      if (open !== -1 && (close === -1 || open < close)) {
        this.#depth += 1;
        this.#scannedTo = open + this.#openTag.length;
        continue;
      }
      if (close === -1) {
        // A tag may be split over two pushes: look again from where it could begin.
        this.#scannedTo = Math.max(this.#scannedTo, this.#buffer.length - closeTag.length + 1);
        return [];
      }
      this.#depth -= 1;
      this.#scannedTo = close + closeTag.length;
      if (this.#depth === 0) return this.#split(close);
    }
  }

  #split(close: number): TextPiece[] {
    const thinking = this.#buffer
      .slice(this.#buffer.indexOf(this.#openTag) + this.#openTag.length, close)
      .trim();
    const rest = this.#buffer.slice(this.#scannedTo);
    this.#buffer = "";
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
    const text = this.#buffer;
    this.#buffer = "";
    this.#state = "text";
    return text === "" ? [] : [{ kind: "text", text }];
  }
}
