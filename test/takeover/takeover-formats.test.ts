import { expect, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseTakeover, recogniseFormat, takeoverFormats } from "../../src/takeover/takeover-formats.ts";

const fixtures = join(import.meta.dir, "../fixtures/takeover");
const isUpdate = process.env["UPDATE_GOLDEN"] === "1";

const files = takeoverFormats.flatMap((format) =>
  readdirSync(join(fixtures, format))
    .filter((name) => name !== "expected.json")
    .map((name) => ({ format, name, text: readFileSync(join(fixtures, format, name), "utf8") })),
);

const withoutMaps = (_name: string, value: unknown) =>
  value instanceof Map ? Object.fromEntries(value) : value;

test.each(takeoverFormats.map((format) => [format] as const))(
  "%s: what a file says is carried over, and what cannot be is named",
  async (format) => {
    const found: Record<string, unknown> = {};
    for (const file of files.filter((one) => one.format === format)) {
      found[file.name] = JSON.parse(JSON.stringify(await parseTakeover(format, file.text), withoutMaps));
    }
    const path = join(fixtures, format, "expected.json");
    if (isUpdate) writeFileSync(path, `${JSON.stringify(found, null, 2)}\n`);
    expect(found).toEqual(JSON.parse(readFileSync(path, "utf8")));
  },
);

test.each(files.map(({ format, name, text }) => [`${format}/${name}`, format, text] as const))(
  "the format of %s is recognised by its text",
  (_path, format, text) => {
    expect(recogniseFormat(text)).toBe(format);
  },
);

test("a file of another kind is none of them", () => {
  expect([
    recogniseFormat(""),
    recogniseFormat("{}"),
    recogniseFormat("a: 1\n"),
    recogniseFormat("FOO=1\n"),
  ]).toEqual([null, null, null, null]);
});

test("what is left out, and what is wrong with a file, shows no secret", async () => {
  for (const { format, text } of files) {
    const taken = await parseTakeover(format, text);
    const told = "fault" in taken ? taken.fault : JSON.stringify(taken.left);
    expect(told).not.toMatch(/canary|0123456789/);
  }
});

test("a byte order mark, as PowerShell writes it, hides nothing", async () => {
  const { format, text } = files.find(({ name }) => name === "zai.json") ??
    files[0] ?? { format: "litellm", text: "" };
  expect(recogniseFormat(`\uFEFF${text}`)).toBe(format);
  expect(await parseTakeover(format, `\uFEFF${text}`)).toEqual(await parseTakeover(format, text));
});

const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
/** Nine letters, each of which stands for nine of the one before. */
const laughs = ["a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
  .concat(
    [..."bcdefghi"].map(
      (name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[index]}`).join(", ")}]`,
    ),
  )
  .concat("model_list: *i\n")
  .join("\n");

test.each([
  ["aliases that stand for millions of values", laughs, "Its anchors (&), aliases (*) or merges (<<)"],
  ["an alias without an anchor", "model_list: *none\n", "Its anchors (&), aliases (*) or merges (<<)"],
  ["a merge of a number", "model_list: [{ <<: 1 }]\n", "Its anchors (&), aliases (*) or merges (<<)"],
  ["YAML of 5,000 levels", `model_list: ${nested(5_000)}\n`, "Mend it there first"],
  ["JSON of 100,000 levels", `{"Providers": ${nested(100_000)}}`, "The file is no JSON."],
  ["settings of 100,000 levels", `{"env": ${nested(100_000)}}`, "env is not as Claude Code has it."],
  ["zeros and other bytes", "model_list:\n  - \0\u0001\uFFFD\n", "model_list.0 is not as LiteLLM has it."],
])("%s: the file is refused with a reason", async (_name, text, words) => {
  const format = recogniseFormat(text);
  expect(format).not.toBe(null);
  const taken = format === null ? null : await parseTakeover(format, text);
  expect(taken).toEqual({ fault: expect.stringContaining(words) });
});

test("anchors of YAML are merged, as LiteLLM reads them", async () => {
  const text = `usual: &usual { api_base: https://one.example/v1, api_key: sk-canary-0123456789 }
model_list:
  - { model_name: big, litellm_params: { <<: *usual, model: openai/big-1 } }
`;
  const taken = await parseTakeover("litellm", text);
  expect("fault" in taken ? taken : taken.upstreams).toEqual([
    {
      name: "one",
      url: "https://one.example/v1",
      protocol: null,
      keys: [{ secret: "sk-canary-0123456789" }],
      headers: {},
      body: {},
      httpProxy: null,
    },
  ]);
});

test("a file of blank lines is looked through once, and many providers are named in one go", async () => {
  expect(recogniseFormat("\n".repeat(1024 * 1024))).toBe(null);
  const provider = { name: "one", api_base_url: "https://one.example/v1", api_key: "sk-canary-0123456789" };
  const text = JSON.stringify({ Providers: Array.from({ length: 8_000 }, () => provider) });
  const taken = await parseTakeover("claude-code-router", text);
  expect("fault" in taken ? taken : taken.upstreams.at(-1)?.name).toBe("one-8000");
});
