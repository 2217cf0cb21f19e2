import { expect } from "bun:test";
import { join } from "node:path";
import { startListServer } from "../knowledge/list-server.ts";
import { createAgentScript } from "../support/agent-script.ts";
import { completionOf } from "../support/chunks.ts";
import { listTree } from "../support/list-tree.ts";
import { soonMs } from "../support/soon-ms.ts";
import { startStrictUpstream } from "../support/strict-upstream.ts";
import { createRunEnvironment, openRunPlace, type RunPlace, runCommand } from "./run-environment.ts";
import { readResult } from "./session.ts";
import { startBinary } from "./start-binary.ts";
import { buildForTests, testClient } from "./test-client.ts";

const binary = buildForTests();

const settingsFor = (baseUrl: string) => ({
  BASE_URL: baseUrl,
  OPENAI_API_KEY: "sk-upstream-key",
  BIG_MODEL_NAME: "vendor/big",
  SMALL_MODEL_NAME: "vendor/small",
  CLAUDE_CODE_MAX_CONTEXT_TOKENS: "131072",
});

/** A server that answers no request for a message, and says when one has come. */
function startSilence() {
  const asked = Promise.withResolvers<void>();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    fetch(request) {
      if (request.method === "GET") return new Response("{}", { status: 404 });
      asked.resolve();
      return new Promise<Response>(() => {});
    },
  });
  return {
    baseUrl: `http://127.0.0.1:${server.port}/v1`,
    asked: asked.promise,
    stop: () => server.stop(true),
  };
}

testClient("2.1.330", "gives run its exit code when the model is refused", async () => {
  await using place = await openRunPlace();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => Response.json({ error: { message: "Your card is empty." } }, { status: 402 }),
  });
  const env = {
    ...(await createRunEnvironment("2.1.330", place)),
    ...settingsFor(`http://127.0.0.1:${server.port}/v1`),
  };
  const { stdout, exitCode } = await runCommand([binary.path, "run", "--", "-p", "hi"], place, env);
  expect(stdout).toContain("Your card is empty.");
  expect(exitCode).toBe(1);
  await server.stop(true);
});

// An interrupt is a request to stop, which Claude Code obeys with success.
for (const [signal, exitCode] of [
  ["SIGINT", 0],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const) {
  testClient("2.1.330", `gets ${signal} from run, and its end is that of run`, async () => {
    await using place = await openRunPlace();
    const silence = startSilence();
    const child = Bun.spawn([binary.path, "run", "--", "-p", "hi"], {
      cwd: place.work,
      env: { ...(await createRunEnvironment("2.1.330", place)), ...settingsFor(silence.baseUrl) },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    await silence.asked;
    child.kill(signal);
    const ended = await Promise.race([child.exited, Bun.sleep(soonMs).then(() => "still running")]);
    expect(ended).toBe(exitCode);
    silence.stop();
  });
}

testClient("2.1.330", "believes a small window that only the upstream tells, without a file", async () => {
  await using place = await openRunPlace();
  await using upstream = startListServer({
    "GET /v1/models": { data: ["big", "small"].map((id) => ({ id: `vendor/${id}`, max_model_len: 65_536 })) },
    "POST /v1/chat/completions": completionOf({ text: "Hello." }),
  });
  const { CLAUDE_CODE_MAX_CONTEXT_TOKENS: _, ...settings } = settingsFor(upstream.baseUrl);
  const env = { ...(await createRunEnvironment("2.1.330", place)), ...settings };
  const ended = await runCommand(
    [binary.path, "run", "--", "-p", "hi", "--output-format", "json"],
    place,
    env,
  );
  expect(readResult(ended)).toMatchObject({
    result: "Hello.",
    modelUsage: { "claude-opus": { contextWindow: 65_536 } },
  });
  expect(ended.stderr).not.toContain("claude-proxy:");
});

/** The paths and modes of a home, without what is named after a session or a time. */
function listPaths(home: string): string[] {
  return listTree(home).map((line) => {
    const [path = "", mode = ""] = line.split(" ");
    return `${path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "UUID").replace(/\d{6,}/g, "N")} ${mode}`;
  });
}

testClient("2.1.330", "leaves the same files with run and without it", async () => {
  const { model } = createAgentScript({
    steps: [{ text: "Hello." }],
    ids: "unique",
    sideAnswer: { text: "none" },
  });
  const upstream = await startStrictUpstream("generic", model);
  const proxy = await startBinary(binary.path, settingsFor(upstream.baseUrl));
  await using plain = await openRunPlace();
  await using ours = await openRunPlace();
  // The folder of a project is named after its path.
  const paths = async (place: RunPlace, words: readonly string[], more: Record<string, string>) => {
    const env = { ...(await createRunEnvironment("2.1.330", place)), NO_PROXY: "127.0.0.1", ...more };
    const { stdout, exitCode } = await runCommand([...words, "-p", "hi"], place, env);
    expect([stdout, exitCode]).toEqual(["Hello.\n", 0]);
    const project = place.work.replace(/[^a-zA-Z0-9]/g, "-");
    return listPaths(place.home).map((path) => path.replace(project, "PROJECT"));
  };
  const expected = await paths(plain, [join(plain.work, ".programs/claude")], {
    ANTHROPIC_BASE_URL: proxy.url,
    ANTHROPIC_AUTH_TOKEN: "local",
  });
  const found = await paths(ours, [binary.path, "run", "--"], {
    ...settingsFor(upstream.baseUrl),
    PORT: new URL(proxy.url).port,
  });
  expect(expected.some((path) => path.startsWith(".claude.json "))).toBe(true);
  expect(found).toEqual(expected);
  await proxy.stop();
  await upstream.stop();
});
