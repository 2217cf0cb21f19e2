import { afterEach, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import { createAgentScript } from "../support/agent-script.ts";
import { listTree } from "../support/list-tree.ts";
import { type StrictUpstream, startStrictUpstream } from "../support/strict-upstream.ts";
import { createAgentTask, filesAfter, filesBefore } from "./agent-task.ts";
import { whyNoClient } from "./install-client.ts";
import {
  createClientState,
  createRunEnvironment,
  openRunPlace,
  type RunPlace,
  runCommand,
  writeUserConfig,
} from "./run-environment.ts";
import { readResult } from "./session.ts";
import { buildForTests, testClient, timeLimitMs } from "./test-client.ts";
import { hasTmux, startInTerminal } from "./tmux-terminal.ts";

const binary = buildForTests();
let upstream: StrictUpstream;
let place: RunPlace & AsyncDisposable;

beforeEach(async () => {
  place = await openRunPlace();
  for (const [name, text] of Object.entries(filesBefore)) await Bun.write(join(place.work, name), text);
  const script = createAgentScript({
    steps: createAgentTask(place.work),
    ids: "unique",
    sideAnswer: { text: "none" },
  });
  upstream = await startStrictUpstream("generic", script.model);
  const file = `
upstreams:
  desk: { url: "${upstream.baseUrl}", key: sk-desk-upstream-key }
routes:
  default: desk/vendor/glm
models:
  desk/vendor/glm:
    { name: GLM, window: 131072, max_output: 16384, price: { input: 0.5, output: 2, cache_read: 0.1, cache_write: 0.5 } }
`;
  await writeUserConfig(place, file);
});

afterEach(async () => {
  await upstream.stop();
  await place[Symbol.asyncDispose]();
});

/** What in the home is neither the client's own nor the proxy's log and state. */
function listForeign(): string[] {
  return listTree(place.home).filter(
    (line) => !/^\.(?:claude\b|local\b|cache\b|npm\b|config \d+ folder$)/.test(line),
  );
}

for (const version of ["2.1.330", "newest"] as const) {
  testClient(version, "does a task through run, with true window and price, and the home stays", async () => {
    const env = await createRunEnvironment(version, place);
    // The user's own settings lead elsewhere.
    const settings = JSON.stringify({ env: { ANTHROPIC_BASE_URL: "http://127.0.0.1:1" } });
    await Bun.write(join(place.home, ".claude/settings.json"), settings);
    const before = listForeign();
    const flags = ["--output-format", "json", "--allowedTools", "Read,Write,Edit,Bash"];
    const ended = await runCommand(
      [binary.path, "run", "--model", "desk/vendor/glm", "--", "-p", "Do the task.", ...flags],
      place,
      env,
    );
    const { stderr, exitCode } = ended;
    const result = readResult(ended);
    expect(result).toMatchObject({
      is_error: false,
      result: "The task is done.",
      modelUsage: { "desk/vendor/glm": { contextWindow: 131_072, costBasis: "managed" } },
    });
    expect(exitCode).toBe(0);
    // The client says that it does not know the id.
    expect(stderr.split("\n").filter((line) => line !== "" && !line.startsWith("[claude-code:"))).toEqual([]);
    for (const [name, text] of Object.entries(filesAfter))
      expect(await Bun.file(join(place.work, name)).text()).toBe(text);
    expect(listForeign()).toEqual(before);
    expect(await Bun.file(join(place.home, ".claude/settings.json")).text()).toBe(settings);
  });
}

testClient("1.0.56", "does a task through run, and is told what it cannot be told", async () => {
  const env = await createRunEnvironment("1.0.56", place);
  const ended = await runCommand(
    [binary.path, "run", "--", "-p", "Do the task.", "--allowedTools", "Read,Write,Edit,Bash"],
    place,
    env,
  );
  expect(ended).toEqual({
    stdout: "The task is done.\n",
    stderr:
      "claude-proxy: Claude Code 1.0.56 could not be told: models in /model, each model's window, prices, your HTTP proxy " +
      "(it would take the requests for this machine)\n",
    exitCode: 0,
  });
});

test.skipIf(!hasTmux || whyNoClient("2.1.330") !== null)(
  "in a terminal /model shows the models, Ctrl-C passes, and a default that was saved is told",
  async () => {
    const env = await createRunEnvironment("2.1.330", place);
    await Bun.write(join(place.home, ".claude.json"), createClientState(place.work));
    await using terminal = await startInTerminal(`"${binary.path}" run`, { cwd: place.work, env });
    await terminal.awaitText("❯");
    await terminal.type("/model");
    await terminal.awaitText(/❯ \/model/);
    await terminal.type("Enter");
    const picker = await terminal.awaitText("s to use this session only");
    expect(picker).toContain("2. Opus (GLM)");
    expect(picker).toMatch(/\d\. GLM +desk\/vendor\/glm · 131k tokens · \$0\.5\/\$2 per Mtok/);
    await terminal.type("6");
    await terminal.awaitText("Set model to GLM");
    await terminal.type("C-c");
    await terminal.awaitText("Ctrl-C again to exit");
    await terminal.type("C-c");
    const end = await terminal.awaitText("ended with 0");
    expect(end.replace(/\s+/g, " ")).toContain("Claude Code has saved desk/vendor/glm as its default model");
  },
  timeLimitMs,
);
