import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AgentStep, createAgentScript } from "../support/agent-script.ts";
import { status } from "../support/reply.ts";
import { isObject } from "../support/strict/json.ts";
import { type Model, type StrictUpstream, startStrictUpstream } from "../support/strict-upstream.ts";
import { createAgentTask, filesAfter, filesBefore } from "./agent-task.ts";
import { type ClientVersion, installClient, whyNoClient } from "./install-client.ts";
import { type ClientRun, runClient } from "./run-client.ts";
import { type BuiltBinary, buildBinary, type RunningBinary, startBinary } from "./start-binary.ts";

const timeLimitMs = 180_000;
const versions: ClientVersion[] = ["2.1.330", "1.0.56"];
const commands = new Map<ClientVersion, string[]>();
let binary: BuiltBinary;
let folder: string;
let upstream: StrictUpstream | undefined;
let proxy: RunningBinary | undefined;

beforeAll(async () => {
  binary = await buildBinary();
  for (const version of versions) {
    if (whyNoClient(version) === null) commands.set(version, await installClient(version));
  }
}, timeLimitMs);

afterAll(async () => {
  await binary.remove();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claude-work-"));
  for (const [name, text] of Object.entries(filesBefore)) await Bun.write(join(folder, name), text);
});

afterEach(async () => {
  expect(await proxy?.stop()).toBe(0);
  await upstream?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A test that needs the client; on a machine that cannot run it the name says so. */
function testClient(version: ClientVersion, name: string, run: () => Promise<void>): void {
  const reason = whyNoClient(version);
  if (reason === null) test(`Claude Code ${version} ${name}`, run, timeLimitMs);
  else test.skip(`Claude Code ${version} ${name} (${reason})`, run);
}

async function start(model: Model): Promise<void> {
  upstream = await startStrictUpstream("generic", model);
  proxy = await startBinary(binary.path, { BASE_URL: upstream.baseUrl });
}

function run(version: ClientVersion, prompt: string, flags: string[] = []): Promise<ClientRun> {
  const tools = ["--allowedTools", "Read,Write,Edit,Bash"];
  return runClient({
    command: commands.get(version) ?? [],
    proxyUrl: proxy?.url ?? "",
    folder,
    prompt,
    flags: ["--model", "sonnet", "--output-format", "json", ...tools, ...flags],
  });
}

async function readFolder(): Promise<Record<string, string>> {
  const names = (await readdir(folder)).toSorted();
  const texts = names.map(async (name) => [name, await Bun.file(join(folder, name)).text()] as const);
  return Object.fromEntries(await Promise.all(texts));
}

function readResult({ stdout, stderr }: ClientRun): Record<string, unknown> {
  const result: unknown = JSON.parse(stdout);
  if (!isObject(result)) throw new Error(`no result: ${stdout}${stderr}`);
  return result;
}

/** The answers to requests without tools, which old clients send beside the conversation. */
const sideAnswer = { text: '{"isNewTopic": false, "title": null}' };

const script = (steps: AgentStep[], ids: "restarting" | "unique" = "restarting") =>
  createAgentScript({ steps, ids, sideAnswer });

const isMain = (request: { body: unknown }) => isObject(request.body) && "tools" in request.body;

for (const version of versions) {
  for (const ids of ["restarting", "unique"] as const) {
    testClient(version, `does a task with tools, with ${ids} call ids`, async () => {
      const steps = createAgentTask(folder);
      const { model, surprises } = script(steps, ids);
      await start(model);
      const done = await run(version, "Do the task.");
      expect([upstream?.violations, surprises, done.stderr]).toEqual([[], [], ""]);
      expect(readResult(done)).toMatchObject({
        type: "result",
        subtype: "success",
        is_error: false,
        result: "The task is done.",
      });
      expect(await readFolder()).toEqual(filesAfter);
      expect(done.exitCode).toBe(0);
      const requests = upstream?.requests ?? [];
      expect(requests.filter(isMain).length).toBe(steps.length);
      expect(requests.filter(isMain).map(({ body }) => isObject(body) && body["stream"])).toEqual(
        steps.map(() => true),
      );
    });
  }
}

testClient("2.1.330", "hears that a tool failed, and goes on", async () => {
  const { model, surprises } = script([
    { calls: [{ name: "Read", arguments: { file_path: join(folder, "missing.txt") } }] },
    { calls: [{ name: "Bash", arguments: { command: "echo broken >&2; exit 3" } }], heard: ["rror"] },
    { text: "Both failed.", heard: ["broken"] },
  ]);
  await start(model);
  const done = await run("2.1.330", "Fail.");
  expect([upstream?.violations, surprises]).toEqual([[], []]);
  expect(readResult(done)).toMatchObject({ is_error: false, result: "Both failed." });
  expect(upstream?.requests.length).toBe(3);
});

testClient("2.1.330", "counts its context without the upstream", async () => {
  await start(() => ({ text: "never asked" }));
  const done = await run("2.1.330", "/context");
  expect(done.exitCode).toBe(0);
  expect(String(readResult(done)["result"])).toContain("tokens");
  expect(upstream?.requests).toEqual([]);
  const counts = (await proxy?.records())?.filter(({ path }) => path === "/v1/messages/count_tokens") ?? [];
  expect(counts.length).toBeGreaterThan(10);
  expect(counts.filter((record) => record["status"] !== 200)).toEqual([]);
});

for (const version of versions) {
  testClient(version, "[5.3] understands that the prompt is too long", async () => {
    const message =
      "This model's maximum context length is 128000 tokens. However, your messages resulted in 140213 tokens.";
    await start((chatRequest) =>
      "tools" in chatRequest
        ? status(400, { error: { message, code: "context_length_exceeded" } })
        : sideAnswer,
    );
    const done = await run(version, "Say hello.");
    expect(readResult(done)["result"]).toStartWith("Prompt is too long");
    expect(done.exitCode).toBe(1);
  });
}
