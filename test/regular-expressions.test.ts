import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { listParts, makeHostileTexts } from "./support/hostile-texts.ts";

/** Characters that a pattern is tried with where nothing is known of its input. */
const anyLength = 32_768;
/** A pattern that is linear takes a tenth of it, one that is not takes a hundred times as long. */
const maxMs = 20;

interface Pattern {
  path: string;
  source: string;
  flags: string;
}

/**
 * Patterns that see no more than so many characters, and who sees to that. A folder or a file; every other pattern has
 * to be linear in the length of whatever it is given.
 */
const capped: readonly { path: string; length: number; by: string }[] = [
  { path: "profiles/", length: 300, by: "names of models: config-schema.ts, anthropic/request-caps.ts" },
  { path: "upstream/plain-words.ts", length: 8192, by: "plain-words.ts, lookedAt" },
  { path: "translate/failures/context-overflow.ts", length: 2000, by: "clean-error-text.ts, maxLength" },
  { path: "translate/refusals/find-output-cap.ts", length: 2000, by: "clean-error-text.ts, maxLength" },
];

/** What these folders read was written by the person who runs the program, who may wait for himself. */
const trusted = ["cli/", "config/", "demo/"];

/** Patterns that are put together when the program runs, as they come out. */
const composed: Readonly<Record<string, readonly RegExp[]>> = {
  "config/ip-version.ts": [
    /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/,
  ],
  "logging/log-file.ts": [
    /^(?:(?:proxy-)?authorization|(?:set-)?cookie|(?:x[-_]?(?:goog[-_]?)?)?api[-_]?key|(?:client[-_]?)?secret|password)$/i,
  ],
  "secrets/read-unit.ts": [
    /&(?:amp;|#0{0,5}38;|#x0{0,5}26;){0,3}(?:#(\d{1,7});|#x([0-9a-f]{1,6});|([a-z]{2,8});)/i,
    /&(?:amp;|#0{0,5}38;|#x0{0,5}26;){0,3}(?:#\d{0,7}|#x[0-9a-f]{0,6}|([a-z]{0,8}))(?=$|…)/i,
  ],
};

const src = join(import.meta.dir, "../src");

function readSources(): { path: string; code: string }[] {
  return readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => ({
      path: path.replaceAll("\\", "/"),
      code: readFileSync(join(src, path), "utf8")
        .replace(/\/\*[\s\S]*?\*\//g, "")
        .replace(/^\s*\/\/.*$/gm, ""),
    }));
}

/** The literals of a source text as our formatter leaves it: behind an opening sign, a comma, an operator. */
function findPatterns({ path, code }: { path: string; code: string }): Pattern[] {
  const literal =
    /(?<=[(,=:[!&|?{;]\s*|\breturn\s+|=>\s*)\/((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])*)\/([dgimsuvy]*)/g;
  return [...code.matchAll(literal)].map(([, source = "", flags = ""]) => ({ path, source, flags }));
}

/** Of this thread, in milliseconds: what other programs do meanwhile does not count. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** How long a pattern takes with a text: all of its matches where it looks for all. */
function timeMs({ source, flags }: Pattern, text: string): number {
  const pattern = new RegExp(source, flags);
  const start = threadMs();
  if (flags.includes("g")) text.replace(pattern, "");
  else pattern.exec(text);
  return threadMs() - start;
}

/** The fragment on which the pattern takes long, or null. What was slow once is tried again: a collection of garbage may be to blame. */
function findSlowFragment(pattern: Pattern, tries = 3): string | null {
  const length = capped.find(({ path }) => pattern.path.startsWith(path))?.length ?? anyLength;
  for (const { fragment, text } of makeHostileTexts(pattern.source, length)) {
    let slow = 0;
    while (slow < tries && timeMs(pattern, text) > maxMs) slow += 1;
    if (slow === tries) return fragment;
  }
  return null;
}

const sources = readSources();
const patterns = sources.flatMap(findPatterns);
const tried = patterns.filter(({ path }) => !trusted.some((folder) => path.startsWith(folder)));

describe("[F3] every pattern takes time in proportion to its text", () => {
  test.each(tried)("$path /$source/", (pattern) => {
    expect(findSlowFragment(pattern)).toBe(null);
  });

  test.each(
    Object.entries(composed).flatMap(([path, all]) =>
      all.map(({ source, flags }) => ({ path, source, flags })),
    ),
  )("$path, put together: /$source/", (pattern) => {
    expect(findSlowFragment(pattern)).toBe(null);
  });
});

test("patterns that are put together are all in the list above", () => {
  const paths = sources.filter(({ code }) => /\bRegExp\(/.test(code)).map(({ path }) => path);
  expect(paths.sort()).toEqual(Object.keys(composed).sort());
});

test("what is capped or trusted is there", () => {
  const isThere = (path: string) => patterns.some((pattern) => pattern.path.startsWith(path));
  expect([...capped.map(({ path }) => path), ...trusted].filter((path) => !isThere(path))).toEqual([]);
});

describe("the check itself", () => {
  test.each([
    ["a choice that may be read in two ways", String.raw`^(?:\d+(?:ms|s)?)+$`, ""],
    ["blanks before an end", String.raw`\s+$`, ""],
    ["a dot behind a word", "gemini-[3-9].*flash", ""],
    ["parts of a token", String.raw`eyJ[\w-]+\.[\w-]+\.`, "g"],
    ["a word that begins again", String.raw`_session_([\w-]+)$`, ""],
    ["blanks before a sign", String.raw`\s*;`, "g"],
  ])("sees %s", (_, source, flags) => {
    expect(findSlowFragment({ path: "any.ts", source, flags }, 1)).not.toBe(null);
  });

  test("finds the literals of a source", () => {
    const code =
      'const a = /x\\/y[/]+/gi;\nf(/^a$/, b / c / d);\nconst t = [/q/, "a/b/c"];\nif (!/z/u.test(t)) return /w/;';
    expect(findPatterns({ path: "a.ts", code }).map(({ source, flags }) => source + flags)).toEqual([
      "x\\/y[/]+gi",
      "^a$",
      "q",
      "zu",
      "w",
    ]);
    expect(patterns.length).toBeGreaterThan(200);
  });

  test("knows the parts of a pattern", () => {
    expect(listParts(String.raw`^(?:ab|[^c]\d{2,3})\s*(?<n>[\w-]+)\u0041$`)).toEqual([
      "a",
      "b",
      "a",
      "1",
      " ",
      "a",
      "A",
    ]);
  });
});
