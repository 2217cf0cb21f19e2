import { deepStrictEqual, ok } from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Anthropic from "@anthropic-ai/sdk";
import { type Answer, chunksOf } from "../../../test/support/chunks.ts";
import { findFreePort } from "../../../test/support/find-free-port.ts";
import { sse, whole } from "../../../test/support/reply.ts";
import { isObject } from "../../../test/support/strict/json.ts";
import { startUpstream, type Upstream } from "../../../test/support/upstream.ts";
import { runCommandTrials } from "./run-command-trials.ts";
import type { StartedProgram } from "./started-program.ts";
import type { Way } from "./way.ts";

const startLimitMs = 60_000;
const stopLimitMs = 20_000;

const answer: Answer = {
  text: "I will look at the file, naïvely 🙂.",
  toolCalls: [{ id: "call_1", name: "Read", arguments: { file_path: "/tmp/ä b.txt" } }],
};

const expectedContent = [
  { type: "text", text: answer.text },
  { type: "tool_use", name: "Read", input: { file_path: "/tmp/ä b.txt" } },
];

const request = {
  model: "claude-sonnet-5-5",
  max_tokens: 1000,
  messages: [{ role: "user" as const, content: "Read the file, please." }],
  tools: [
    {
      name: "Read",
      description: "Reads a file",
      input_schema: { type: "object" as const, properties: { file_path: { type: "string" } } },
    },
  ],
};

/** Makes a folder that would take over a program built without care: Bun's defaults load both files. */
function layTrap(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "bunfig.toml"), 'preload = ["./preload.ts"]\n');
  writeFileSync(
    join(folder, "preload.ts"),
    'require("node:fs").writeFileSync(__dirname + "/preload-ran", "");\n',
  );
  writeFileSync(join(folder, ".env"), "MEDIUM_MODEL_NAME=stolen\nAPP_NAME=stolen\n");
}

/** Waits until the proxy answers. @returns the milliseconds it took */
async function waitForAnswer(url: string, program: StartedProgram): Promise<number> {
  const startedAtMs = performance.now();
  let exitCode: number | null = null;
  void program.exited.then((code) => {
    exitCode = code;
  });
  while (performance.now() - startedAtMs < startLimitMs) {
    if (exitCode !== null) {
      throw new Error(`The program has ended with ${exitCode}:\n${program.output()}`);
    }
    const response = await fetch(`${url}/health`).catch(() => null);
    if (response?.status === 200) {
      return performance.now() - startedAtMs;
    }
    await Bun.sleep(10);
  }
  throw new Error(`Nothing answers at ${url}:\n${program.output()}`);
}

function withoutIds(content: readonly object[]): object[] {
  return content.map((block) =>
    Object.fromEntries(
      Object.entries(block).filter(([name]) => ["type", "text", "name", "input"].includes(name)),
    ),
  );
}

/** @returns the id of the request */
async function checkStream(client: Anthropic, upstream: Upstream): Promise<string> {
  const stream = client.messages.stream(request);
  const message = await stream.finalMessage();
  deepStrictEqual(withoutIds(message.content), expectedContent);
  deepStrictEqual(message.stop_reason, "tool_use");
  const { body } = await upstream.request(0);
  ok(isObject(body));
  // `stolen` would mean that the .env of the folder was read.
  deepStrictEqual([body["model"], body["stream"]], ["big-model", true]);
  return stream.request_id ?? "";
}

function checkLog(logFile: string): void {
  const records = readFileSync(logFile, "utf8")
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  const found = records.filter((record) => isObject(record) && record["stopReason"] === "tool_use");
  deepStrictEqual(
    found.map(
      (record) => isObject(record) && [record["status"], record["inputTokens"], record["outputTokens"]],
    ),
    [[200, 100, 10]],
  );
}

/** Stops the proxy in the middle of an answer, which it must give to its end. */
async function checkDrain(client: Anthropic, upstream: Upstream, program: StartedProgram): Promise<number> {
  upstream.respondWith(() => sse(chunksOf(answer, 4), { paceMs: 100 }));
  const stream = client.messages.stream(request);
  const first = Promise.withResolvers<void>();
  stream.on("text", () => first.resolve());
  stream.on("error", first.reject);
  await first.promise;
  program.interrupt();
  deepStrictEqual(withoutIds((await stream.finalMessage()).content), expectedContent);
  const exitCode = await Promise.race([program.exited, Bun.sleep(stopLimitMs)]);
  if (exitCode === undefined) throw new Error(`The program does not stop:\n${program.output()}`);
  return exitCode;
}

/**
 * Starts the proxy in a hostile folder and uses all of it: a streamed request with a tool, a count of tokens, the log,
 * every other command, a stop in the middle of an answer.
 * @param folder an empty folder for it to work in
 * @param expectedTokens what the count must be
 * @returns what was seen, in words
 */
export async function exerciseProxy(way: Way, folder: string, expectedTokens: number): Promise<string> {
  const trap = join(folder, "trap");
  const logFile = join(folder, "log", "claude-proxy.log");
  layTrap(trap);
  mkdirSync(join(folder, "log"), { mode: 0o777 });
  const upstream = await startUpstream();
  upstream.respondWith(({ path }) =>
    path === "/v1/models" ? whole({ data: [{ id: "big-model" }] }) : sse(chunksOf(answer)),
  );
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const settings = {
    OPENAI_API_KEY: "sk-upstream-key",
    BASE_URL: upstream.baseUrl,
    BIG_MODEL_NAME: "big-model",
    SMALL_MODEL_NAME: "small-model",
    PORT: String(port),
    LOG_FILE_PATH: way.mapPath(logFile),
    RECORD_BODIES: "all",
  };
  const program = way.start(trap, settings);
  try {
    const startMs = await waitForAnswer(url, program);
    const client = new Anthropic({ baseURL: url, apiKey: "local", maxRetries: 0 });
    const requestId = await checkStream(client, upstream);
    const { input_tokens: tokens } = await client.messages.countTokens(request);
    deepStrictEqual(tokens, expectedTokens);
    checkLog(logFile);
    const proxy = { folder: trap, settings, requestId, upstreamUrl: upstream.baseUrl };
    const commands = await runCommandTrials(way, proxy);
    deepStrictEqual(await checkDrain(client, upstream, program), 0);
    deepStrictEqual(existsSync(join(trap, "preload-ran")), false);
    return `answers after ${Math.round(startMs)} ms; streams, counts ${tokens} tokens, logs, drains${commands}; ignores the folder`;
  } finally {
    program.kill();
    await upstream.stop();
  }
}

/** What the count must be: the proxy counts by itself, so this asks one that runs from its source. */
export async function countExpectedTokens(): Promise<number> {
  const { startTestProxy } = await import("../../../test/support/start-proxy.ts");
  const proxy = await startTestProxy("http://127.0.0.1:9/v1");
  const client = new Anthropic({ baseURL: proxy.url, apiKey: "local", maxRetries: 0 });
  const { input_tokens: tokens } = await client.messages.countTokens(request);
  await proxy.stop();
  return tokens;
}
