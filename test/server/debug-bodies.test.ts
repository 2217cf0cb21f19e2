import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "../../src/logging/logger.ts";
import { startProxy } from "../../src/server/start-proxy.ts";
import { chunk, usageChunk } from "../support/chunks.ts";
import { sse } from "../support/reply.ts";
import { createTestConfig } from "../support/test-config.ts";
import { startUpstream } from "../support/upstream.ts";

/** It does not look like a key, so that it is known by its value only. */
const key = "zz-canary/up+stream=0123456789abcdef";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "debug-bodies-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("DEBUG keeps all four bodies of an exchange, as they were on their wires, and no key", async () => {
  const upstream = await startUpstream();
  const logFilePath = join(folder, "claude-proxy.log");
  const lines: string[] = [];
  const logger = createLogger({
    level: "DEBUG",
    logFilePath,
    secrets: [key],
    writeConsole: (line) => lines.push(line),
  });
  const config = createTestConfig({
    openaiApiKey: key,
    baseUrl: upstream.baseUrl,
    maxOutputTokens: 1000,
    logLevel: "DEBUG",
    logFilePath,
  });
  const proxy = await startProxy({ config, logger, version: "0.0.0-test" });
  const chunks = [
    chunk({ content: `the key is ${key}` }),
    chunk({}, "stop"),
    usageChunk({ prompt_tokens: 3, completion_tokens: 4 }),
  ];
  upstream.reply(sse(chunks));
  const request = {
    model: "claude-opus-5-5",
    max_tokens: 10,
    stream: true,
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "hi" },
          { type: "from_the_future", text: "x" },
        ],
      },
    ],
  };
  const response = await fetch(`${proxy.url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  const told = await response.text();
  await proxy.stop();
  logger.close();
  await upstream.stop();

  expect(told).not.toContain(key);
  expect(told).toContain('"text":"the key is zz-[redacted]"');
  const log = readFileSync(logFilePath, "utf8");
  expect(log + lines.join("\n")).not.toContain(key);
  const records: Record<string, unknown>[] = log
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const bodies = new Map(
    records.filter((record) => record["event"] === "body").map(({ name, body }) => [name, body]),
  );
  expect([...bodies.keys()]).toEqual([
    "client-request",
    "upstream-request",
    "upstream-response",
    "client-response",
  ]);
  expect(bodies.get("client-request")).toEqual(request);
  expect(bodies.get("upstream-request")).toEqual(upstream.requests[0]?.body);
  expect(JSON.stringify(bodies.get("upstream-response"))).toContain('"content":"the key is [redacted]"');
  expect(bodies.get("client-response")).toMatchObject({
    content: [{ type: "text", text: "the key is zz-[redacted]", citations: null }],
    stop_reason: "end_turn",
  });
});
