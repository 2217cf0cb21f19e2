import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { updateLearnedFile } from "../../src/learned/learned-file.ts";
import type { Lesson } from "../../src/learned/lesson.ts";
import { runProgramIn } from "./run-program-in.ts";

let home: string;
let filePath: string;

const at = "2026-11-24T02:11:05.000Z";
const local = new Date(at).toLocaleString("sv-SE");
const lesson = (members: Partial<Lesson>): Lesson => ({
  upstream: "openrouter.ai/api/v1",
  kind: "window",
  model: "z-ai/glm-5.3",
  key: "",
  value: 131072,
  atMs: Date.parse(at),
  from: "",
  isForgotten: false,
  ...members,
});
const from =
  "400: This endpoint's maximum context length is 131072 tokens. However, you requested about 140000 tokens of it";
const lessons = [
  lesson({ from }),
  lesson({
    kind: "chat-repair",
    key: "omit-field top_k",
    value: { kind: "omit-field", field: "top_k", scope: "model" },
  }),
  lesson({ kind: "responses-repair", key: "dance", value: { kind: "dance" } }),
  lesson({ upstream: "127.0.0.1:1234/v1", model: "qwen\u001b[2J", kind: "think-tag", value: "<think>" }),
  lesson({ upstream: "127.0.0.1:1234/v1", model: "glm", kind: "think-tag", value: null }),
  lesson({ upstream: "127.0.0.1:1234/v1", model: "gone", isForgotten: true }),
  lesson({ kind: "wire", model: "openai/gpt-5", value: "responses" }),
];

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "learned-command-"));
  filePath = join(home, ".local/state/claude-proxy/learned.json");
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

const write = () =>
  updateLearnedFile(filePath, { lessons, clearings: [] }, { nowMs: Date.parse(at), warn: () => {} });
const run = (...args: string[]) => runProgramIn(home, ["learned", ...args]);

test("what was learned is listed by upstream and model, with when and from what", async () => {
  await write();
  expect(await run()).toEqual({
    exitCode: 0,
    err: "",
    out: `127.0.0.1:1234/v1
  glm
    ${local}  its prompt opens no reasoning
  qwen\\u001b[2J
    ${local}  its prompt opens reasoning with <think>

openrouter.ai/api/v1
  openai/gpt-5
    ${local}  it is asked with the protocol responses
  z-ai/glm-5.3
    ${local}  its window is 131072 tokens
      from ${from}
    ${local}  left out top_k, which the upstream does not take
    ${local}  dance
`,
  });
});

test("--json gives the same with the values", async () => {
  await write();
  const { out } = await run("--json");
  const { file, lessons: listed } = JSON.parse(out);
  expect(file).toBe(filePath);
  expect(listed).toHaveLength(6);
  expect(listed[3]).toEqual({
    upstream: "openrouter.ai/api/v1",
    name: null,
    model: "z-ai/glm-5.3",
    kind: "window",
    what: "its window is 131072 tokens",
    value: 131072,
    at,
    from,
  });
});

test("without a file nothing was learned", async () => {
  expect(await run()).toEqual({ exitCode: 0, err: "", out: `Nothing was learned yet, says ${filePath}\n` });
});

test.each([
  [[], 6, []],
  [["openrouter.ai/api/v1"], 4, ["glm", "qwen\u001b[2J"]],
  [["openrouter.ai"], 4, ["glm", "qwen\u001b[2J"]],
  [
    ["127.0.0.1:1234/v1/glm"],
    1,
    ["qwen\u001b[2J", "openai/gpt-5", "z-ai/glm-5.3", "z-ai/glm-5.3", "z-ai/glm-5.3"],
  ],
  [["openrouter.ai/api/v1/z-ai/glm-5.3"], 3, ["glm", "qwen\u001b[2J", "openai/gpt-5"]],
])("--clear %p", async (what, count, left) => {
  await write();
  expect(await run("--clear", ...what)).toEqual({
    exitCode: 0,
    err: "",
    out: count === 1 ? "Cleared 1 entry.\n" : `Cleared ${count} entries.\n`,
  });
  const listed: { model: string }[] = JSON.parse((await run("--json")).out).lessons;
  expect(listed.map(({ model }) => model)).toEqual(left);
});

test("--clear of something that is not there says what is", async () => {
  await write();
  for (const what of ["deepseek", "openrouter.ai/api/v1/z-ai"]) {
    const { exitCode, err } = await run("--clear", what);
    expect(exitCode).toBe(1);
    expect(err).toStartWith(`Nothing was learned of ${what}. There is: openrouter.ai/api/v1/z-ai/glm-5.3, `);
  }
});

test("--clear takes the name that the configuration file gives to an upstream", async () => {
  await write();
  const folder = join(home, ".config/claude-proxy");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "config.yaml"), "upstreams:\n  desk: { url: http://127.0.0.1:1234/v1 }\n");
  expect((await run("--clear", "desk")).out).toBe("Cleared 2 entries.\n");
});
