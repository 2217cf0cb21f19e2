/**
 * A character of a text together with the number of characters that encode it: made by `readUnit`, read by the two
 * functions below.
 */
export type Unit = number;

/** The text ends, or was cut, inside a possible encoding of a character. */
export const unfinishedUnit: Unit = -1;

/** Marks the place where a text was cut. */
export const cutMark = "…";

/** Greater than any character code; a unit is this times the length, plus the character's code. */
const lengthFactor = 0x20_0000;

export const codeOf = (unit: Unit): number => unit % lengthFactor;
export const lengthOf = (unit: Unit): number => Math.floor(unit / lengthFactor);

/** `%25252541` is the deepest nesting that is understood. */
const mostPercents = 4;
// Each repetition is bounded: the encoding of one character is never longer than 50.
const ampersand = "&(?:amp;|#0{0,5}38;|#x0{0,5}26;){0,3}";
const entity = new RegExp(`${ampersand}(?:#(\\d{1,7});|#x([0-9a-f]{1,6});|([a-z]{2,8});)`, "iy");
const entityStart = new RegExp(`${ampersand}(?:#\\d{0,7}|#x[0-9a-f]{0,6}|([a-z]{0,8}))(?=$|…)`, "iy");
/** The most characters between `&` and `;`: `#x0000026`. */
const longestEntity = 9;

const namedEntities = new Map(
  Object.entries({
    amp: "&",
    apos: "'",
    ast: "*",
    bsol: "\\",
    colon: ":",
    comma: ",",
    commat: "@",
    dollar: "$",
    equals: "=",
    excl: "!",
    grave: "`",
    gt: ">",
    hat: "^",
    lbrace: "{",
    lbrack: "[",
    lcub: "{",
    lowbar: "_",
    lpar: "(",
    lsqb: "[",
    lt: "<",
    newline: "\n",
    num: "#",
    percnt: "%",
    period: ".",
    plus: "+",
    quest: "?",
    quot: '"',
    rbrace: "}",
    rbrack: "]",
    rcub: "}",
    rpar: ")",
    rsqb: "]",
    semi: ";",
    sol: "/",
    verbar: "|",
    vert: "|",
  }),
);

/**
 * Reads the character at `at`, encoded or not: `%2B` and `%252B`, `&#43;`, `&#x2b;`, `&plus;` and `&amp;plus;`, and
 * `u002b` if `isEscaped` says that a backslash precedes it. Everything else is read as itself. `at` must be inside the
 * text.
 */
export function readUnit(text: string, at: number, isEscaped: boolean): Unit {
  const code = text.charCodeAt(at);
  if (code === 0x25) return readPercent(text, at);
  if (code === 0x26) return readEntity(text, at);
  return isEscaped && code === 0x75 ? readHex(text, at, at + 1, 4) : unitOf(code, 1);
}

function unitOf(code: number, length: number): Unit {
  return code + length * lengthFactor;
}

function readPercent(text: string, at: number): Unit {
  let digitsAt = at + 1;
  for (let depth = 0; depth < mostPercents && text.startsWith("25", digitsAt); depth += 1) digitsAt += 2;
  const unit = readHex(text, at, digitsAt, 2);
  // Without digits after it, `%25` is an encoded percent sign.
  const isPlain = unit !== unfinishedUnit && lengthOf(unit) === 1;
  return isPlain ? unitOf(0x25, digitsAt - at) : unit;
}

/** The character with these digits; the one at `at` itself if they are not digits. */
function readHex(text: string, at: number, digitsAt: number, count: number): Unit {
  let code = 0;
  for (let index = digitsAt; index < digitsAt + count; index += 1) {
    if (index >= text.length || text.startsWith(cutMark, index)) return unfinishedUnit;
    const digit = hexDigit(text.charCodeAt(index));
    if (digit === -1) return unitOf(text.charCodeAt(at), 1);
    code = code * 16 + digit;
  }
  return unitOf(code, digitsAt + count - at);
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function readEntity(text: string, at: number): Unit {
  const itself = unitOf(0x26, 1);
  if (!mayBeEntity(text, at)) return itself;
  // This comes first, because `&amp;` may be the beginning of something longer.
  entityStart.lastIndex = at;
  const begun = entityStart.exec(text);
  if (begun !== null && isStartOfName(begun[1] ?? "")) return unfinishedUnit;
  entity.lastIndex = at;
  const found = entity.exec(text);
  if (found === null) return itself;
  const [whole, digits, hexDigits, name = ""] = found;
  const code =
    digits === undefined && hexDigits === undefined
      ? namedEntities.get(name.toLowerCase())?.charCodeAt(0)
      : Number.parseInt(digits ?? hexDigits ?? "", digits === undefined ? 16 : 10);
  return code === undefined ? itself : unitOf(code % lengthFactor, whole.length);
}

/** Most `&` begin no entity; checking that here is cheaper than an expression. */
function mayBeEntity(text: string, at: number): boolean {
  for (let index = at + 1; index <= at + longestEntity + 1; index += 1) {
    const code = text.charCodeAt(index);
    const isName = code === 0x23 || hexDigit(code) !== -1 || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a);
    if (!isName) return index >= text.length || code === 0x3b || text.startsWith(cutMark, index);
  }
  return false;
}

function isStartOfName(text: string): boolean {
  for (const name of namedEntities.keys()) if (name.startsWith(text.toLowerCase())) return true;
  return false;
}
