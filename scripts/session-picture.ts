// Makes the picture of the README, docs/images/session.svg: the real Claude Code, which `claude-proxy run` has started in a
// terminal, does a task. A script stands in for the model, nothing else is invented. `bun run session-picture`, with tmux.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { installClient } from "../test/end-to-end/install-client.ts";
import { buildBinary } from "../test/end-to-end/start-binary.ts";
import { startInTerminal } from "../test/end-to-end/tmux-terminal.ts";
import { type Answer, chunksOf } from "../test/support/chunks.ts";
import { sse, status } from "../test/support/reply.ts";
import { isObject, objectsOf } from "../test/support/strict/json.ts";
import { startUpstream, type Upstream } from "../test/support/upstream.ts";
import { drawScreen } from "./session-picture/draw-screen.ts";

const picture = join(import.meta.dir, "../docs/images/session.svg");
const mostBytes = 60_000;
const size = { columns: 100, rows: 33 } as const;
const command = "claude-proxy run --model zai/glm-5.3";
const question = "The average of no numbers should be 0, and it is NaN. Mend it.";

const project: Readonly<Record<string, string>> = {
  "package.json": '{ "type": "module" }\n',
  "average.js":
    "/** The average of a list of numbers. */\nexport function average(numbers) {\n" +
    "  const sum = numbers.reduce((all, one) => all + one, 0);\n  return sum / numbers.length;\n}\n",
  "average.test.js":
    'import { equal } from "node:assert";\nimport test from "node:test";\nimport { average } from "./average.js";\n\n' +
    'test("of three", () => equal(average([1, 2, 6]), 3));\ntest("of none", () => equal(average([]), 0));\n',
};

/** What the model says, one turn after the other. */
function writeScript(folder: string): Answer[] {
  const path = join(folder, "average.js");
  return [
    { text: "I look at it.", toolCalls: [{ id: "call_1", name: "Read", arguments: { file_path: path } }] },
    {
      text: "An empty list has the length 0, and 0 / 0 is NaN.",
      toolCalls: [
        {
          id: "call_2",
          name: "Edit",
          arguments: {
            file_path: path,
            old_string: "  return sum / numbers.length;",
            new_string: "  return numbers.length === 0 ? 0 : sum / numbers.length;",
          },
        },
      ],
    },
    {
      toolCalls: [
        {
          id: "call_3",
          name: "Bash",
          arguments: {
            command: "node --test --test-reporter=tap | grep '^# [pf]a'",
            description: "Run the tests",
          },
        },
      ],
    },
    { text: "Mended: the average of no numbers is 0 now, and both tests pass." },
  ];
}

/** Four characters count as one token, as nothing here has a tokenizer; what was sent before comes from the cache. */
const charactersOfToken = 4;

async function startModel(script: readonly Answer[]): Promise<Upstream> {
  const upstream = await startUpstream();
  let before = 0;
  upstream.respondWith(({ path, body }) => {
    if (!path.endsWith("/chat/completions") || !isObject(body))
      return status(404, { error: { message: `There is no ${path} here.` } });
    const said = objectsOf(body["messages"]).filter(({ role }) => role === "assistant").length;
    const answer = script[said] ?? { text: "That is all." };
    // The last words must be true.
    if (said === script.length - 1 && !JSON.stringify(body["messages"]).includes("# pass 2\\n# fail 0"))
      return status(400, { error: { message: "The tests did not pass." } });
    const prompt = Math.ceil(JSON.stringify(body).length / charactersOfToken);
    const output = Math.ceil(JSON.stringify(answer).length / charactersOfToken);
    const usage = {
      prompt_tokens: prompt,
      completion_tokens: output,
      total_tokens: prompt + output,
      prompt_tokens_details: { cached_tokens: before },
    };
    before = prompt;
    return sse(chunksOf({ ...answer, usage }), { headDelayMs: 300, paceMs: 20 });
  });
  return upstream;
}

/** A home with a configuration, with the status line in Claude Code, and with its first questions answered. */
async function furnishHome(home: string, folder: string, baseUrl: string): Promise<Record<string, string>> {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text, { mode: 0o600 });
  };
  const file = `upstreams:
  zai: { url: "${baseUrl}", key: example-upstream-key }
routes:
  default: zai/glm-5.3
models:
  zai/glm-5.3: { name: GLM 5.3, window: 131072, price: { input: 0.6, output: 2.2, cache_read: 0.11 } }
`;
  const trust = { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true };
  const state = { hasCompletedOnboarding: true, theme: "dark", projects: { [folder]: trust } };
  const settings = {
    permissions: { allow: ["Read", "Edit", "Bash(node --test:*)", "Bash(grep:*)"], defaultMode: "default" },
    statusLine: { type: "command", command: "claude-proxy statusline", refreshInterval: 1 },
  };
  write(".config/claude-proxy/config.yaml", file);
  write(".claude.json", JSON.stringify(state));
  write(".claude/settings.json", JSON.stringify(settings));
  const programs = join(home, ".programs");
  const words = (await installClient("2.1.330")).map((word) => `"${word}"`).join(" ");
  write(".programs/claude", `#!/bin/sh\nexec ${words} "$@"\n`);
  chmodSync(join(programs, "claude"), 0o755);
  return {
    PATH: [programs, dirname(Bun.which("node") ?? "/usr/bin/node"), "/usr/bin", "/bin"].join(delimiter),
    HOME: home,
    PORT: "0",
    LANG: "C.UTF-8",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_TELEMETRY: "1",
    DISABLE_ERROR_REPORTING: "1",
    DISABLE_AUTOUPDATER: "1",
  };
}

const home = mkdtempSync(join(tmpdir(), "claude-proxy-picture-"));
const folder = join(home, "numbers");
mkdirSync(folder);
for (const [name, text] of Object.entries(project)) writeFileSync(join(folder, name), text);
const upstream = await startModel(writeScript(folder));
const binary = await buildBinary();
try {
  const env = await furnishHome(home, folder, upstream.baseUrl);
  env["PATH"] = `${dirname(binary.path)}${delimiter}${env["PATH"]}`;
  await using terminal = await startInTerminal("PS1='$ ' exec env -u TMUX bash --norc --noprofile -i", {
    cwd: folder,
    env,
    rows: size.rows,
  });
  await terminal.awaitText(/^\$/);
  await terminal.type(command, "Enter");
  await terminal.awaitText("❯");
  await terminal.type(question);
  await terminal.awaitText(question);
  await terminal.type("Enter");
  await terminal.awaitText("both tests pass");
  await terminal.awaitText(/GLM 5\.3 · context|glm-5\.3 · context/);
  // The line is renewed every second, and counts the last answer a moment after it.
  await Bun.sleep(2500);
  writeFileSync(picture, drawScreen(await terminal.captureColours(), size.columns, `$ ${command}`));
  const { size: bytes } = statSync(picture);
  console.log(`${picture}: ${bytes} bytes`);
  if (bytes > mostBytes) throw new Error(`It has ${bytes} bytes; ${mostBytes} are the most.`);
} finally {
  await upstream.stop();
  await binary.remove();
  rmSync(home, { recursive: true, force: true });
}
