import { codeOf, cutMark, lengthOf, readUnit, unfinishedUnit } from "./read-unit.ts";
import { foldCode, formsOfSecret, literalStarts, type SecretForm } from "./secret-form.ts";

/** This many characters of a secret reveal nothing: most keys begin with the name of their maker. */
const shownCharacters = 3;

/** The place of a secret in a text. */
export interface FoundSecret {
  start: number;
  /** The end of its first three characters; the text's end if there are fewer. */
  shownEnd: number;
  /** The end of the secret; null if the text does not contain it whole. */
  wholeEnd: number | null;
  /** Where it breaks off after more than three characters, at the text's end or at a `…`; else null. */
  cutEnd: number | null;
  /** Text that follows may still belong to it. */
  isOpen: boolean;
}

/** Finds secrets in texts, in one walk over the text, however their characters are encoded. */
export interface SecretFinder {
  /** False only if `find` would find nothing in the text, cut or whole. Costs native searches. */
  mayHold(text: string): boolean;
  /** Whether a secret may begin with the last character of `before` and continue in `behind`. Cheaper than a search. */
  mayJoin(before: string, behind: string): boolean;
  /** The first place from `from` on that holds a secret or, as far as the text goes, the beginning of one. */
  find(text: string, from: number): FoundSecret | null;
}

const backslash = 0x5c;
/**
 * Most characters between two characters of a secret: JSON in JSON in JSON in JSON has so many backslashes, a line
 * break takes two.
 */
const mostSkipped = 18;
/** Characters that encode another, or that break a line of base64. */
const codingMarks = ["%", "&", "\\", "\r", "\n"];

/** Creates the finder of these secrets; null if there is nothing to find: none was given, or they are too short. */
export function createSecretFinder(secrets: readonly string[]): SecretFinder | null {
  const forms = [...new Set(secrets)].flatMap(formsOfSecret);
  if (forms.length === 0) return null;
  const signs = [...codingMarks, ...forms.flatMap((form) => literalStarts(form, shownCharacters + 1))];
  const formsByCode = groupByFirstCode(forms);
  const followers = listFollowers(forms);
  const firstOfLatin1 = new Uint8Array(0x100);
  for (const code of followers.keys()) firstOfLatin1[code] = 1;

  const isFirst = (code: number): boolean => (code < 0x100 ? firstOfLatin1[code] === 1 : followers.has(code));
  const mayGoOn = (code: number, next: number): boolean => next >= 128 || followers.get(code)?.[next] === 1;

  return {
    mayHold: (text) => signs.some((sign) => text.includes(sign)),
    mayJoin: (before, behind) => {
      const code = before.charCodeAt(before.length - 1);
      return isFirst(code) && mayGoOn(code, behind.charCodeAt(0));
    },
    // This walks over every answer: one look into the table dismisses nearly all characters.
    find(text, from) {
      const last = text.length - 1;
      for (let at = from; at <= last; at += 1) {
        const code = text.charCodeAt(at);
        if (!isFirst(code)) continue;
        if (at === last) {
          return { start: at, shownEnd: text.length, wholeEnd: null, cutEnd: null, isOpen: true };
        }
        if (!mayGoOn(code, text.charCodeAt(at + 1))) continue;
        const found = findAt(text, at, formsByCode);
        if (found !== null) return found;
      }
      return null;
    },
  };
}

/** For each character that may begin a secret, encoded or not, the ASCII characters that may follow it. */
function listFollowers(forms: readonly SecretForm[]): Map<number, Uint8Array> {
  const followers = new Map<number, Uint8Array>();
  for (const start of forms.flatMap((form) => literalStarts(form, 2))) {
    const mayFollow = followers.get(start.charCodeAt(0)) ?? new Uint8Array(128);
    for (const code of [start.charCodeAt(1), 0x25, 0x26, backslash, 0x0a, 0x0d]) mayFollow[code] = 1;
    followers.set(start.charCodeAt(0), mayFollow);
  }
  for (const code of [0x25, 0x26, backslash]) followers.set(code, new Uint8Array(128).fill(1));
  // Only the last of several backslashes matters, so a long run of them is scanned only once.
  followers.get(backslash)?.fill(0, backslash, backslash + 1);
  return followers;
}

function groupByFirstCode(forms: readonly SecretForm[]): Map<number, SecretForm[]> {
  const groups = new Map<number, SecretForm[]>();
  for (const form of forms) {
    for (const start of literalStarts(form, 1)) {
      const code = start.charCodeAt(0);
      groups.set(code, [...(groups.get(code) ?? []), form]);
    }
  }
  return groups;
}

function findAt(
  text: string,
  start: number,
  formsByCode: ReadonlyMap<number, readonly SecretForm[]>,
): FoundSecret | null {
  const first = new Walk(text, start);
  const code = first.next("plain");
  if (code === null) return first.isAtEnd ? first.begun(start, 0, text.length) : null;
  const forms = formsByCode.get(code);
  if (forms === undefined) return null;
  let found: FoundSecret | null = null;
  for (const form of forms) found = merge(found, walkForm(text, start, first.at, form));
  return found;
}

/** `behindFirst` is the position after the form's first character. */
function walkForm(text: string, start: number, behindFirst: number, form: SecretForm): FoundSecret | null {
  const walk = new Walk(text, behindFirst);
  let shownEnd = text.length;
  for (let matched = 1; matched < form.text.length; matched += 1) {
    const code = walk.next(form.alphabet);
    if (code === null) return walk.begun(start, matched, shownEnd);
    if (foldCode(code, form.alphabet) !== form.text.charCodeAt(matched)) return null;
    if (matched + 1 === shownCharacters) shownEnd = walk.at;
  }
  return { start, shownEnd, wholeEnd: walk.at, cutEnd: null, isOpen: false };
}

/** Merges forms that begin at one place: the longest counts, and the result is open if one of them is. */
function merge(one: FoundSecret | null, other: FoundSecret | null): FoundSecret | null {
  if (one === null || other === null) return one ?? other;
  const later = (a: number | null, b: number | null) =>
    a === null || b === null ? (a ?? b) : Math.max(a, b);
  return {
    start: one.start,
    shownEnd: Math.min(one.shownEnd, other.shownEnd),
    wholeEnd: later(one.wholeEnd, other.wholeEnd),
    cutEnd: later(one.cutEnd, other.cutEnd),
    isOpen: one.isOpen || other.isOpen,
  };
}

/** Walks over a text from character to character, however they are encoded. */
class Walk {
  readonly #text: string;
  /** The position after the last character that was read. */
  at: number;
  /** Nothing was read because the text ends, or is marked as cut. */
  isAtEnd = false;

  constructor(text: string, at: number) {
    this.#text = text;
    this.at = at;
  }

  /** The next character; null at the end, or if too many characters are skipped before it. */
  next(alphabet: SecretForm["alphabet"]): number | null {
    let isEscaped = false;
    for (let skipped = 0; skipped <= mostSkipped; skipped += 1) {
      if (this.at >= this.#text.length || this.#text.startsWith(cutMark, this.at)) break;
      const unit = readUnit(this.#text, this.at, isEscaped);
      if (unit === unfinishedUnit) break;
      const code = codeOf(unit);
      const isSkipped = code === backslash || (alphabet === "base64" && isLineBreak(code, isEscaped));
      this.at += lengthOf(unit);
      if (!isSkipped) return code;
      isEscaped = code === backslash;
      if (skipped === mostSkipped) return null;
    }
    this.isAtEnd = true;
    return null;
  }

  /** The place of a secret of which `matched` characters were read; null if the walk is not at an end. */
  begun(start: number, matched: number, shownEnd: number): FoundSecret | null {
    if (!this.isAtEnd) return null;
    const mark = this.#text.indexOf(cutMark, this.at);
    const end = mark === -1 ? this.#text.length : mark;
    const cutEnd = matched > shownCharacters ? end : null;
    return { start, shownEnd, wholeEnd: null, cutEnd, isOpen: end === this.#text.length };
  }
}

/** Also recognises the JSON escapes; base64 contains no backslash. */
function isLineBreak(code: number, isEscaped: boolean): boolean {
  return code === 0x0a || code === 0x0d || (isEscaped && (code === 0x6e || code === 0x72));
}
