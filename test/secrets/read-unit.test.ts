import { describe, expect, test } from "bun:test";
import { codeOf, lengthOf, readUnit, unfinishedUnit } from "../../src/secrets/read-unit.ts";

/** The character that stands at the begin and how much stands for it; `unfinished` when that is not known. */
function read(text: string, isEscaped = false): [character: string, length: number] | "unfinished" {
  // Behind something else, as `at` is a place within a text.
  const unit = readUnit(`ab${text}`, 2, isEscaped);
  return unit === unfinishedUnit ? "unfinished" : [String.fromCodePoint(codeOf(unit)), lengthOf(unit)];
}

const names = {
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
};

describe("[F7] the character that a text begins with", () => {
  test.each(Object.entries(names))("by the name &%s; is %s", (name, character) => {
    expect(read(`&${name};;`)).toEqual([character, name.length + 2]);
    expect(read(`&${name.toUpperCase()};x`)).toEqual([character, name.length + 2]);
    expect(read(`&amp;${name};x`)).toEqual([character, name.length + 6]);
    for (let length = 1; length < name.length; length += 1) {
      expect(read(`&${name.slice(0, length)}`)).toBe("unfinished");
      expect(read(`&${name.slice(0, length)}…`)).toBe("unfinished");
    }
    expect(read(`&${name}`)).toBe("unfinished");
  });

  test.each<[string, string, number]>([
    ["a", "a", 1],
    ["é", "é", 1],
    ["u0041", "u", 1],
    ["%41", "A", 3],
    ["%2B1", "+", 3],
    ["%2b", "+", 3],
    ["%af", "\u00af", 3],
    ["%FA", "\u00fa", 3],
    ["%09", "\t", 3],
    ["%90", "\u0090", 3],
    ["%2541", "A", 5],
    ["%252541", "A", 7],
    ["%25252541", "A", 9],
    ["%2525252541", "A", 11],
    ["%252525252541", "%", 11],
    ["%25x", "%", 3],
    ["%2525x", "%", 5],
    ["%4x", "%", 1],
    ["%x4", "%", 1],
    ["%/0", "%", 1],
    ["%:0", "%", 1],
    ["%`0", "%", 1],
    ["%g0", "%", 1],
    ["%@0", "%", 1],
    ["%G0", "%", 1],
    ["&#65;", "A", 5],
    ["&#0000065;", "A", 10],
    ["&#00000065;", "&", 1],
    ["&#x41;", "A", 6],
    ["&#X4a;", "J", 6],
    ["&#x00004A;", "J", 10],
    ["&#x000004A;", "&", 1],
    ["&#x1f600;", "😀", 9],
    ["&#38;#65;", "A", 9],
    ["&#0000038;#65;", "A", 14],
    ["&#x26;#65;", "A", 10],
    ["&#x0000026;#65;", "A", 15],
    ["&plus;&am", "+", 6],
    ["&amp;amp;amp;#65;", "A", 17],
    ["&amp;amp;amp;amp;#65;", "&", 17],
    ["&amp;x", "&", 5],
    ["&nosuch;", "&", 1],
    ["&", "&", 1],
    ["& ", "&", 1],
    ["&;", "&", 1],
    ["&#;", "&", 1],
    ["&#x;", "&", 1],
    ["&#g;", "&", 1],
    ["&lt ", "&", 1],
    ["&nosuchname;", "&", 1],
    ["&{", "&", 1],
    ["&nosuch", "&", 1],
    ["&nosuch…", "&", 1],
  ])("%j is %j, %d long", (text, character, length) => {
    // A lone `&` may be the begin of an entity.
    expect(read(text)).toEqual(text === "&" ? "unfinished" : [character, length]);
  });

  test.each<[string, string, number]>([
    ["u0041", "A", 5],
    ["u00e9x", "é", 5],
    ["u00E9", "é", 5],
    ["uFFff", "\uffff", 5],
    ["u00g9", "u", 1],
    ["n", "n", 1],
    ["%41", "A", 3],
  ])("behind a backslash %j is %j, %d long", (text, character, length) => {
    expect(read(text, true)).toEqual([character, length]);
  });

  test.each([
    "%",
    "%4",
    "%25",
    "%254",
    "%2525",
    "&#",
    "&#6",
    "&#65",
    "&#x",
    "&#x4",
    "&#X4",
    "&AM",
    "&#x41",
    "&amp",
    "&amp;",
    "&amp;#6",
  ])("%j may go on", (text) => {
    expect([read(text), read(`${text}…`), read(`${text}…41;`)]).toEqual([
      "unfinished",
      "unfinished",
      "unfinished",
    ]);
  });

  test.each(["u", "u0", "u00", "u004"])("behind a backslash %j may go on", (text) => {
    expect([read(text, true), read(`${text}…`, true)]).toEqual(["unfinished", "unfinished"]);
  });
});
