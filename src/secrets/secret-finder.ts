import { codeOf, cutMark, lengthOf, readUnit, unfinishedUnit } from "./read-unit.ts";
import { foldCode, formsOfSecret, literalStarts, type SecretForm } from "./secret-form.ts";

/** So many characters of a secret tell nothing: most keys begin with the name of their maker. */
const shownCharacters = 3;

/** Where a secret begins in a text. */
export interface FoundSecret {
  start: number;
  /** Behind its first three characters; the text's end where it has no more of them. */
  shownEnd: number;
  /** Behind it; null when no secret is there as a whole. */
  wholeEnd: number | null;
  /** Where it breaks off, by the text's end or by a `…`, with more than three of its characters before; else null. */
  cutEnd: number | null;
  /** What comes behind the text may belong to it. */
  isOpen: boolean;
}

/** Finds secrets in texts, in one walk over the text, however their characters are encoded. */
export interface SecretFinder {
  /** False only when `find` would find nothing in the text, cut or whole. Costs native searches. */
  mayHold(text: string): boolean;
  /** Whether a secret may begin with the last character of `before` and go on in `behind`. Cheaper than to look. */
  mayJoin(before: string, behind: string): boolean;
  /** The first place from `from` on where a secret stands or, as far as the text goes, may stand. */
  find(text: string, from: number): FoundSecret | null;
}

const backslash = 0x5c;
/** Between two characters of a secret: JSON in JSON in JSON in JSON has so many backslashes, a broken line takes two. */
const mostSkipped = 18;
/** What encodes a character, and what breaks a line of base64. */
const codingMarks = ["%", "&", "\\", "\r", "\n"];

/** Makes the finder of these secrets; null when there is nothing to find: too short, or none. */
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
    // Walks over every answer: nearly all characters are dismissed by one look into the table.
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

/** For each character with which a secret may begin, encoded or not, the ones of ASCII that may come behind it. */
function listFollowers(forms: readonly SecretForm[]): Map<number, Uint8Array> {
  const followers = new Map<number, Uint8Array>();
  for (const start of forms.flatMap((form) => literalStarts(form, 2))) {
    const mayFollow = followers.get(start.charCodeAt(0)) ?? new Uint8Array(128);
    for (const code of [start.charCodeAt(1), 0x25, 0x26, backslash, 0x0a, 0x0d]) mayFollow[code] = 1;
    followers.set(start.charCodeAt(0), mayFollow);
  }
  for (const code of [0x25, 0x26, backslash]) followers.set(code, new Uint8Array(128).fill(1));
  // Of several backslashes only the last matters, so that a long run of them is walked over once.
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

/** `behindFirst` is the position behind the form's first character. */
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

/** Several forms begin at one place: the longest counts, and what is open stays open. */
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

/** Goes over a text from character to character, whatever encodes them. */
class Walk {
  readonly #text: string;
  /** Behind the last character that was read. */
  at: number;
  /** Nothing was read because the text ends, or says that it was cut. */
  isAtEnd = false;

  constructor(text: string, at: number) {
    this.#text = text;
    this.at = at;
  }

  /** The next character; null at the end, and where too much stands between. */
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

  /** What is told of a secret of which `matched` characters were read; null when the walk is not at an end. */
  begun(start: number, matched: number, shownEnd: number): FoundSecret | null {
    if (!this.isAtEnd) return null;
    const mark = this.#text.indexOf(cutMark, this.at);
    const end = mark === -1 ? this.#text.length : mark;
    const cutEnd = matched > shownCharacters ? end : null;
    return { start, shownEnd, wholeEnd: null, cutEnd, isOpen: end === this.#text.length };
  }
}

/** Also as JSON writes it; a backslash is in no base64. */
function isLineBreak(code: number, isEscaped: boolean): boolean {
  return code === 0x0a || code === 0x0d || (isEscaped && (code === 0x6e || code === 0x72));
}
