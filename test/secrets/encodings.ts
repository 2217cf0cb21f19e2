/** Characters of every kind that some encoding treats in a way of its own; nothing in it looks like a key. */
export const key = "zz9-plural/up+stream=Z&alpha%7~x";

const json = (text: string) => JSON.stringify(text).slice(1, -1);
const each = (text: string, encode: (code: number) => string) =>
  [...text].map((character) => encode(character.charCodeAt(0))).join("");
const hex = (code: number, digits: number) => code.toString(16).padStart(digits, "0");
const percents = (text: string) => each(text, (code) => `%${hex(code, 2)}`);
const lines = (text: string, lineEnd: string) => text.replace(/.{10}(?=.)/g, `$&${lineEnd}`);
const lowerPercents = (text: string) =>
  encodeURIComponent(text).replace(/%../g, (percent) => percent.toLowerCase());

/** Every way in which a text may stand inside another one. */
export const encodings: readonly (readonly [string, (text: string) => string])[] = [
  ["as it is", (text) => text],
  ["JSON", json],
  ["JSON with escaped slashes", (text) => json(text).replaceAll("/", "\\/")],
  ["JSON in JSON", (text) => json(json(text).replaceAll("/", "\\/"))],
  ["JSON in JSON in JSON", (text) => json(json(json(text).replaceAll("+", "\\u002b")))],
  ["JSON with all escaped", (text) => each(text, (code) => `\\u${hex(code, 4)}`)],
  ["JSON with all escaped, in capitals", (text) => each(text, (code) => `\\u${hex(code, 4).toUpperCase()}`)],
  [
    "JSON with some escaped",
    (text) => json(text).replace(/[+=&]/g, (mark) => `\\u00${hex(mark.charCodeAt(0), 2)}`),
  ],
  ["JSON with all escaped, in JSON", (text) => json(each(text, (code) => `\\u${hex(code, 4)}`))],
  ["percents", encodeURIComponent],
  ["percents in lower case", lowerPercents],
  ["percents for all", percents],
  ["double percents", (text) => encodeURIComponent(encodeURIComponent(text))],
  ["double percents in lower case", (text) => lowerPercents(lowerPercents(text))],
  ["a form", (text) => new URLSearchParams({ key: text }).toString().slice(4)],
  ["hex", (text) => Buffer.from(text).toString("hex")],
  ["hex in capitals", (text) => Buffer.from(text).toString("hex").toUpperCase()],
  ["numbered entities", (text) => each(text, (code) => `&#${code};`)],
  ["hex entities", (text) => each(text, (code) => `&#x${hex(code, 2)};`)],
  ["hex entities in capitals", (text) => each(text, (code) => `&#X00${hex(code, 2).toUpperCase()};`)],
  [
    "entities for marks",
    (text) => text.replaceAll("&", "&amp;").replaceAll("+", "&#43;").replaceAll("/", "&#x2F;"),
  ],
  [
    "named entities",
    (text) => text.replaceAll("&", "&amp;").replaceAll("+", "&plus;").replaceAll("=", "&equals;"),
  ],
  ["entities of entities", (text) => text.replaceAll("&", "&amp;amp;").replaceAll("+", "&amp;#43;")],
  ["entities in JSON", (text) => json(text.replaceAll("&", "&amp;").replaceAll("/", "&#47;"))],
  ...[0, 1, 2].flatMap((offset): [string, (text: string) => string][] => {
    const encode = (text: string, as: "base64" | "base64url") =>
      Buffer.from(`${"\u0001".repeat(offset)}${text}`).toString(as);
    return [
      [`base64 behind ${offset} bytes`, (text) => encode(text, "base64")],
      [`base64url behind ${offset} bytes`, (text) => encode(text, "base64url")],
      [`base64 in lines behind ${offset} bytes`, (text) => lines(encode(text, "base64"), "\n")],
      [`base64 in lines with \\r\\n behind ${offset} bytes`, (text) => lines(encode(text, "base64"), "\r\n")],
      [
        `base64 in lines in JSON behind ${offset} bytes`,
        (text) => json(lines(encode(text, "base64"), "\r\n")),
      ],
      [
        `base64 in JSON with escaped slashes behind ${offset} bytes`,
        (text) => encode(text, "base64").replaceAll("/", "\\/"),
      ],
      [`base64 as percents behind ${offset} bytes`, (text) => encodeURIComponent(encode(text, "base64"))],
    ];
  }),
];
