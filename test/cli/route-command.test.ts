import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../../src/cli/run-program.ts";
import { createSettingsFile } from "../support/settings-file.ts";
import { createCollectingTerminal } from "./collecting-terminal.ts";

const key = "sk-or-v1-0123456789abcdef0123456789abcdef";
const settings = `OPENAI_API_KEY=${key}\nBIG_MODEL_NAME=z-ai/glm-5.3\nSMALL_MODEL_NAME=openai/gpt-5-mini\n`;

async function run(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  using file = createSettingsFile(settings);
  await Bun.write(
    join(file.path, "../request.json"),
    JSON.stringify({ model: "claude-opus-5", max_tokens: 5, messages: [{ role: "user", content: "hi" }] }),
  );
  const terminal = createCollectingTerminal();
  const named = args.map((arg) => (arg === "REQUEST" ? join(file.path, "../request.json") : arg));
  const exitCode = await runProgram(["route", ...named, "--env-file", file.path], terminal);
  return { exitCode, stdout: terminal.out(), stderr: terminal.err() };
}

test("a model is routed without a file and without any input", async () => {
  const { exitCode, stdout, stderr } = await run("--model", "claude-haiku-5");
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("> haiku               the id has this word: SMALL_MODEL_NAME\n");
  expect(stdout).not.toContain(key);
});

test("a request is routed as its headers say", async () => {
  const { exitCode, stdout } = await run(
    "REQUEST",
    "--json",
    "--header",
    "X-Claude-Code-Agent-Id: a1",
    "--header",
    "x-claude-code-agent-type:Explore",
  );
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    model: "claude-opus-5",
    file: null,
    facts: { kind: "subagent", agent: true, agentType: "Explore" },
    rules: [{}, {}, {}, { rule: "opus, fable, mythos", matches: true }],
    targets: [{ model: "z-ai/glm-5.3", changes: { passedOn: false, refused: null } }],
    error: null,
  });
});

test("--model asks for another model than the request", async () => {
  const { stdout } = await run("REQUEST", "--model", "claude-haiku-5", "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    model: "claude-haiku-5",
    targets: [{ model: "openai/gpt-5-mini" }],
  });
});

test.each([
  [["--model", "m", "--header", key], "A value of --header is no header."],
  [["--model", "m", "--header", `bad name: ${key}`], "A value of --header is no header."],
  [["--model", "m", "--client", "ci"], 'There is no client "ci". The configuration has no clients.'],
])("wrong usage: %j", async (args, message) => {
  const { exitCode, stdout, stderr } = await run(...args);
  expect([exitCode, stdout]).toEqual([2, ""]);
  expect(stderr).toStartWith(message);
  expect(stderr).not.toContain(key);
});

test("settings with a fault are a fault of the settings", async () => {
  using file = createSettingsFile("BASE_URL=nonsense\n");
  const terminal = createCollectingTerminal();
  expect(await runProgram(["route", "--model", "m", "--env-file", file.path], terminal)).toBe(2);
  expect(terminal.err()).toContain("BASE_URL");
});

const glmKey = "0123456789abcdef0123456789abcdef";
const desk = `upstreams:
  desk: { url: http://localhost:11434/v1, profile: ollama }
  glm: { url: https://api.z.ai/api/paas/v4, key: "\${GLM_KEY}" }
clients:
  web: { key: "\${WEB_KEY}", models: ["desk/*"] }
  ops: { key: "\${OPS_KEY}" }
routes:
  opus: desk/qwen3-coder:30b
cases:
  - { when: { tokens: 50 }, to: glm/glm-5.3 }
`;

/** Runs the command with that configuration file. */
async function runWithFile(...args: string[]) {
  using env = createSettingsFile(`GLM_KEY=${glmKey}\nWEB_KEY=web-${glmKey}\nOPS_KEY=ops-${glmKey}\n`);
  const path = join(env.path, "../config.yaml");
  writeFileSync(path, desk, { mode: 0o600 });
  const terminal = createCollectingTerminal();
  const flags = ["--config", path, "--env-file", env.path];
  const exitCode = await runProgram(["route", ...args, ...flags], terminal);
  return { exitCode, stdout: terminal.out().replaceAll(path, "FILE"), stderr: terminal.err() };
}

test("a configuration file is explained by its lines", async () => {
  expect(await runWithFile("--model", "claude-opus-5")).toEqual({
    exitCode: 0,
    stdout: `claude-opus-5

  config file    FILE

Rules, in the order in which they are tried:

    case 1 (line 10)  about 0 tokens are fewer than 50
    upstream/model    the id begins with no upstream's name
  > opus (line 8)     the id is of its tier

Its target:

  1  desk/qwen3-coder:30b
     host           localhost:11434
     protocol       chat (by default)
     profile        ollama
`,
    stderr: "",
  });
});

test("nothing that leads to a target is exit code 1, with what there is", async () => {
  const { exitCode, stdout, stderr } = await runWithFile("--model", "gpt-9");
  expect([exitCode, stderr]).toEqual([1, ""]);
  expect(stdout).toEndWith(
    'No route leads to the model "gpt-9". There are: ids with the word opus; any model of an upstream, as desk/MODEL, glm/MODEL.\n',
  );
  expect(stdout).not.toContain(glmKey);
});

test("a client that may not use the target is exit code 1, and an unknown one is wrong usage", async () => {
  expect((await runWithFile("--model", "claude-opus-5", "--client", "web")).exitCode).toBe(0);
  const refused = await runWithFile("--model", "glm/glm-5.3", "--client", "web");
  expect(refused.exitCode).toBe(1);
  expect(refused.stdout).toEndWith("The client web may use none of these targets.\n");
  expect(await runWithFile("--model", "m", "--client", "ci")).toMatchObject({
    exitCode: 2,
    stderr: 'There is no client "ci". There are: web, ops.\n',
  });
});
