import type { AnswerTraits } from "../../../profiles/model-traits.ts";
import type { AnswerPlan } from "../answer-plan.ts";
import { GatheredText } from "../gathered-text.ts";
import { LoneTagWatch, type LoneThinkTag, type TagPair } from "./lone-tag-watch.ts";

/** A piece of an answer's text: reasoning that was written into it, or the answer itself. */
export interface TextPiece {
  kind: "thinking" | "text";
  text: string;
}

type ThinkTagMode = AnswerTraits["thinkTags"];

/** Gemma's channel has a name, and only this one exists. */
const channel: TagPair = { open: "<|channel>", close: "<channel|>" };
const channelName = /^thought(?=\s|$)/;

const pairs = [...["think", "thinking", "reasoning"].map(pairOf), channel];
const pairsOfGemini = [...pairs, pairOf("thought")];

function pairOf(name: string): TagPair {
  return { open: `<${name}>`, close: `</${name}>` };
}

/**
 * Adds the tag that opens the reasoning of a whole answer if thinking is on (rule 3.3): some chat templates end the prompt
 * with that tag, so that the answer has only the closing one. Returns any other text unchanged.
 */
export function restoreOpenTag(
  text: string,
  { thinkingIsOn }: Pick<AnswerPlan, "thinkingIsOn">,
  { loneThinkTag, thinkTags }: Pick<AnswerTraits, "loneThinkTag" | "thinkTags">,
): string {
  if (!thinkingIsOn || !loneThinkTag) return text;
  const known = pairsOf(thinkTags);
  const [first] = known
    .map(({ open, close }) => ({ open, at: text.indexOf(close) }))
    .filter(({ at }) => at !== -1)
    .sort((one, other) => one.at - other.at);
  if (first === undefined || known.some(({ open }) => text.slice(0, first.at).includes(open))) return text;
  return first.open + text;
}

function pairsOf(mode: ThinkTagMode): readonly TagPair[] {
  if (mode === "off") return [];
  return mode === "gemini" ? pairsOfGemini : pairs;
}

/**
 * Takes reasoning out of an answer that starts with `<think>…</think>` (rule 3.3). Only the first non-blank characters
 * of an answer count: further on, people write about such tags. The reasoning is held until its end, because a tag that
 * is never closed makes the whole text the answer. Linear in the text.
 */
export class ThinkTags {
  readonly #pairs: readonly TagPair[];
  /** Removes a closing tag at the very start that was never opened. */
  readonly #dropsLoneTag: boolean;
  /** Null if such a tag further on means nothing. */
  #lone: LoneThinkTag | null;
  #watch: LoneTagWatch | null = null;
  #state: "undecided" | "inside" | "behind" | "text";
  /** Null outside reasoning. */
  #pair: TagPair | null = null;
  #depth = 0;
  /** The state "inside" was learned from earlier answers: no tag has come. */
  #isAssumed = false;
  /** The opening tag and the blanks before it. */
  readonly #opening = new GatheredText();
  /** The part of the reasoning that was searched for tags. */
  readonly #seen = new GatheredText();
  /** The part that was not searched yet. */
  #unseen = "";

  constructor(mode: ThinkTagMode, dropsLoneTag: boolean, lone: LoneThinkTag | null) {
    this.#pairs = pairsOf(mode);
    this.#dropsLoneTag = dropsLoneTag;
    this.#lone = dropsLoneTag ? lone : null;
    this.#state = mode === "off" ? "text" : "undecided";
  }

  /** Non-blank text is held. */
  get isHolding(): boolean {
    return this.#pair !== null || this.#unseen !== "";
  }

  /** Everything that is pushed is text. */
  get isSettled(): boolean {
    return this.#state === "text" && this.#watch === null;
  }

  push(text: string): TextPiece[] {
    if (this.#state === "text") {
      this.#watch?.push(text);
      return [{ kind: "text", text }];
    }
    if (this.#state === "behind") return this.#startText(text);
    this.#unseen += text;
    if (this.#pair !== null) return this.#closeTag(this.#pair);
    return this.#decide();
  }

  /** Reasoning comes in a member of its own, so there is none in the text. */
  noteReasoning(): void {
    this.#lone = null;
    this.#watch = null;
  }

  /** Text that is still held when the answer ends: with an open tag, all of it is text. */
  finish(): TextPiece[] {
    return this.#release();
  }

  /** Determines what the start of the answer is, if that is possible. */
  #decide(): TextPiece[] {
    const start = this.#unseen.trimStart();
    this.#opening.add(this.#unseen.slice(0, this.#unseen.length - start.length));
    this.#unseen = start;
    const pair = this.#pairs.find(({ open }) => start.startsWith(open));
    if (pair !== undefined) {
      this.#state = "inside";
      this.#pair = pair;
      this.#depth = 1;
      this.#opening.add(pair.open);
      this.#unseen = start.slice(pair.open.length);
      return this.#closeTag(pair);
    }
    const lone = this.#dropsLoneTag ? this.#pairs.find(({ close }) => start.startsWith(close)) : undefined;
    if (lone !== undefined) {
      this.#forget();
      this.#state = "behind";
      return this.#startText(start.slice(lone.close.length));
    }
    return this.#pairs.some((known) => this.#mayBegin(known, start)) ? [] : this.#startWithoutTag();
  }

  #startWithoutTag(): TextPiece[] {
    const lone = this.#lone;
    if (lone === null) return this.#release();
    const pair = this.#pairs.find(({ open }) => open === lone.known);
    if (pair === undefined) {
      this.#watch = new LoneTagWatch(this.#pairs, (tag) => lone.learn(tag));
      this.#watch.push(this.#unseen);
      return this.#release();
    }
    this.#state = "inside";
    this.#pair = pair;
    this.#depth = 1;
    this.#isAssumed = true;
    return this.#closeTag(pair);
  }

  #mayBegin({ open, close }: TagPair, start: string): boolean {
    return open.startsWith(start) || (this.#dropsLoneTag && close.startsWith(start));
  }

  /** Looks for the closing tag, past nested pairs. Each search starts where the previous tag was found. */
  #closeTag({ open: openTag, close: closeTag }: TagPair): TextPiece[] {
    const text = this.#unseen;
    let open = text.indexOf(openTag);
    let close = text.indexOf(closeTag);
    let seen = 0;
    for (;;) {
      if (open !== -1 && (close === -1 || open < close)) {
        this.#depth += 1;
        seen = open + openTag.length;
        open = text.indexOf(openTag, seen);
      } else if (close === -1) {
        // A tag may be split over two pushes: its beginning is searched again.
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
    const inside = (this.#seen.text + this.#unseen.slice(0, close)).trim();
    const thinking = this.#pair === channel ? inside.replace(channelName, "").trimStart() : inside;
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
    if (this.#isAssumed) this.#lone?.learn(null);
    this.#forget();
    this.#state = "text";
    return text === "" ? [] : [{ kind: "text", text }];
  }

  #forget(): void {
    this.#opening.take();
    this.#seen.take();
    this.#unseen = "";
    this.#pair = null;
    this.#isAssumed = false;
  }
}
