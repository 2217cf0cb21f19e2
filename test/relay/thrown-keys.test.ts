import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "../../src/logging/logger.ts";
import { randomId } from "../../src/server/random-id.ts";
import { chunk, completionOf, stopChunk } from "../support/chunks.ts";
import { type AppParts, answerOf, type ChatAnswer, composeApp, createParts } from "../support/compose-app.ts";
import { hello } from "../support/start-pair.ts";
import { isObject } from "../support/strict/json.ts";
import { createTestConfig } from "../support/test-config.ts";

const key = "canary-key-9b74c9897bac770f";

let folder: string;
let lines: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "thrown-keys-"));
  lines = [];
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** An error with the key wherever an error can have it. */
function errorWithKey(): Error {
  const request = new Request("http://127.0.0.1/", { headers: { authorization: `Bearer ${key}` } });
  const cause = Object.assign(new Error(`caused by ${key}`), { request });
  return Object.assign(new Error(`wrong: Bearer ${key}`, { cause }), { code: key, request });
}

/** A streamed answer of these items; what is an error is thrown. */
function streamOf(...items: (object | Error)[]): ChatAnswer {
  return answerOf(
    items.map((item) => {
      if (!(item instanceof Error)) return item;
      return () => {
        throw item;
      };
    }),
  );
}

const usage = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 };
const wholeAnswer: ChatAnswer = {
  kind: "whole",
  item: { ...completionOf({ text: "hello" }), usage },
  info: { upstreamRequestId: null, attempts: 1 },
};

/** The app as the server has it, but for the parts that `broken` replaces; the real logger writes all it can. */
function createBrokenApp(broken: (parts: AppParts) => Partial<AppParts>) {
  const path = join(folder, "claude-proxy.log");
  const config = createTestConfig({
    openaiApiKey: key,
    baseUrl: "http://127.0.0.1:9/v1",
    logLevel: "DEBUG",
    logFilePath: path,
  });
  const logger = createLogger({
    level: "DEBUG",
    logFilePath: path,
    secrets: [key],
    writeConsole: (line) => lines.push(line),
  });
  const parts: AppParts = {
    ...createParts({ config, logger, calibrationFilePath: join(folder, "token-calibration.json") }),
    upstream: { send: async () => wholeAnswer },
    hosts: new Set(["127.0.0.1"]),
  };
  const deps = { ...parts, ...broken(parts) };
  const app = composeApp(deps);
  return {
    admission: deps.admission,
    ask: async (stream: boolean) => {
      const request = new Request("http://127.0.0.1/v1/messages", {
        method: "POST",
        headers: { "content-type": "application/json", host: "127.0.0.1" },
        body: JSON.stringify({ ...hello, stream }),
      });
      const response = await app.fetch(request, { setIdleSeconds: () => {} });
      return { status: response.status, text: await response.text() };
    },
    close: async () => {
      await parts.tokens.close();
      logger.close();
      return readFileSync(path, "utf8");
    },
  };
}

const said = [chunk({ role: "assistant", content: "hello" }), chunk({ content: " there" })];
const sends = (create: () => ChatAnswer) => () => ({ upstream: { send: async () => create() } });
const throwing = (): never => {
  throw errorWithKey();
};

type Case = [phase: string, stream: boolean, broken: Parameters<typeof createBrokenApp>[0], status: number];

describe("an error that nobody foresaw, with a key in it, is told and logged without the key", () => {
  const cases: Case[] = [
    ["before the request is sent", true, () => ({ routeTo: throwing }), 500],
    ["before the request is sent, whole", false, () => ({ routeTo: throwing }), 500],
    ["while it is sent", true, () => ({ upstream: { send: async () => throwing() } }), 500],
    ["while it is sent, whole", false, () => ({ upstream: { send: async () => throwing() } }), 500],
    ["before the first event", true, sends(() => streamOf(errorWithKey())), 500],
    ["behind text", true, sends(() => streamOf(...said, errorWithKey())), 200],
    ["behind text, whole", false, sends(() => streamOf(...said, errorWithKey())), 500],
    ["while a call is told", true, sends(() => streamOf(...said, callChunk)), 200],
    [
      "at the end",
      true,
      ({ tokens }) => ({
        upstream: { send: async () => streamOf(...said, stopChunk, { choices: [], usage }) },
        tokens: { ...tokens, learn: throwing, learnLater: throwing },
      }),
      200,
    ],
    ["at the end, whole", false, ({ tokens }) => ({ tokens: { ...tokens, learnLater: throwing } }), 200],
  ];
  // The id of a call is made while it is told.
  const callChunk = chunk({
    tool_calls: [{ index: 0, type: "function", function: { name: "f", arguments: "{}" } }],
  });

  test.each(cases)("%s (streamed: %p)", async (phase, stream, broken, status) => {
    const app = createBrokenApp((parts) => ({
      ...(phase === "while a call is told"
        ? {
            newId: (prefix: string) => (prefix === "req" || prefix === "msg" ? randomId(prefix) : throwing()),
          }
        : {}),
      ...broken(parts),
    }));
    const told = await app.ask(stream);
    expect(told.status).toBe(status);
    // There the client has its answer.
    if (!phase.startsWith("at the end")) {
      expect(told.text).toContain("Internal error in claude-proxy; see its log");
      expect(told.text).not.toContain("message_stop");
    }
    expect(app.admission.running).toBe(0);
    const written = await app.close();
    for (const text of [told.text, lines.join("\n"), written]) {
      for (const form of [key, btoa(key).slice(0, 20), key.slice(0, 12), key.slice(-12)]) {
        expect(text.includes(form)).toBe(false);
      }
    }
    const records: unknown[] = written
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const events = records.flatMap((record) => (isObject(record) ? [record["event"]] : []));
    // The log says where, once.
    expect(events.filter((event) => event === "unexpected error")).toHaveLength(1);
    expect(events.filter((event) => event === "request")).toHaveLength(1);
    expect(written).toContain("wrong: Bearer [redacted]");
    expect(written).toContain("thrown-keys.test.ts");
  });
});
