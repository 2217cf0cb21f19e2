import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { chunk, chunksOf, completionOf } from "../support/chunks.ts";
import { hasForm, readFolder } from "../support/key-forms.ts";
import { json, type Reply, sse, whole } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { type RunningProgram, startProgram } from "../support/start-program.ts";
import { startUpstream } from "../support/upstream.ts";

/** None of them looks like a key, but for the last: those are masked by their looks. */
const upstreamKey = 'zz/canary+"1f3870be274f6c49b3e31a0c=';
const clientKey = "canary-of-the-client-8b1a9953c4611296";
const otherClientKey = "canary-sent-beside-it-e4da3b7fbbce2345";
const keyInBaseUrl = "canary-in-the-query-a87ff679a2f3e71d";
const promptKey = "sk-ant-api03-canaryInAPrompt0123456789abcdef";

const escaped = JSON.stringify(upstreamKey).replaceAll("/", "\\/").replaceAll("+", "\\u002b");
const echo = `Bearer ${upstreamKey} and ${JSON.stringify(upstreamKey)}`;
const call = { id: "call_1", name: "Read", arguments: { path: echo } };
const replies: readonly Reply[] = [
  json(completionOf({ text: "fine" })),
  sse(chunksOf({ text: "fine" })),
  whole(JSON.stringify({ error: { message: `Wrong key: ${echo}` } }), { status: 401 }),
  whole(`<html><title>${echo}</title>${echo}</html>`, {
    status: 500,
    headers: { "content-type": "text/html" },
  }),
  whole(echo, { status: 400 }),
  whole(`nonsense ${echo}`, { headers: { "content-type": "application/json" } }),
  sse([chunk({ content: "a" }), { error: { message: echo } }]),
  sse([chunk({ content: "a" }), `data: nonsense ${echo}\n\n`]),
  sse([chunk({ content: "a" })], { done: false, end: "reset" }),
  whole(`{"error":{"message":${escaped}}}`, { status: 400 }),
  sse([`data: {"error":{"message":${escaped}}}\n\n`]),
  whole(`{"error":{"message":${JSON.stringify(`{"key":${escaped}}`)}}}`, { status: 401 }),
  sse(chunksOf({ text: `it is ${upstreamKey}`, reasoning: echo, toolCalls: [call] }, 5)),
  json(completionOf({ text: `it is ${upstreamKey}`, reasoning: echo, toolCalls: [call] })),
  whole("", {
    status: 302,
    headers: { location: `https://evil.example/?key=${encodeURIComponent(upstreamKey)}` },
  }),
];

/** Asks for everything once, streamed and whole; gives all that the client was told. */
async function askForEverything(program: RunningProgram): Promise<string> {
  const told: string[] = [];
  const ask = async (path: string, init: RequestInit) => {
    const response = await fetch(`${program.url}${path}`, init).catch(() => null);
    told.push(JSON.stringify([...(response?.headers ?? [])]), (await response?.text().catch(() => "")) ?? "");
  };
  for (let index = 0; index < replies.length; index += 1) {
    await ask(`/v1/messages?beta=true&key=${otherClientKey}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-api-key": otherClientKey,
        authorization: `Bearer ${clientKey}`,
        cookie: `session=${otherClientKey}`,
      },
      body: JSON.stringify({
        ...hello,
        stream: index % 2 === 1,
        messages: [{ role: "user", content: `My key is ${promptKey}` }],
      }),
    });
  }
  for (const path of ["/", "/health", `/v1/nothing?api_key=${otherClientKey}`]) {
    await ask(path, { headers: { authorization: `Bearer ${otherClientKey}` } });
  }
  return told.join("\n");
}

test("no key is anywhere but where it belongs, with everything logged that can be", async () => {
  const upstream = await startUpstream();
  const temporaryBefore = new Set(readdirSync(tmpdir()));
  await using program = await startProgram(`${upstream.baseUrl}?token=${keyInBaseUrl}`, {
    OPENAI_API_KEY: upstreamKey,
    PROXY_API_KEY: clientKey,
    LOG_LEVEL: "DEBUG",
  });
  for (const reply of replies) upstream.reply(reply);
  const told = await askForEverything(program);
  expect(upstream.requests.length).toBe(replies.length);

  const written = readFolder(program.home);
  expect(written).toContain("upstream-response");
  const places = {
    told,
    printed: program.output(),
    written,
    arguments: readFileSync(`/proc/${program.pid}/cmdline`, "latin1"),
    temporary: readdirSync(tmpdir())
      .filter((name) => !temporaryBefore.has(name) && !program.home.endsWith(name))
      .join("\n"),
  };
  for (const [place, text] of Object.entries(places)) {
    for (const key of [upstreamKey, clientKey, otherClientKey, keyInBaseUrl]) {
      expect([place, ...hasForm(text, key)]).toEqual([place]);
    }
    if (place !== "told") expect([place, text.includes(promptKey)]).toEqual([place, false]);
  }
  for (const { headers, path, rawBody } of upstream.requests) {
    const { authorization, ...others } = headers;
    expect([authorization, path]).toEqual([
      `Bearer ${upstreamKey}`,
      `/v1/chat/completions?token=${keyInBaseUrl}`,
    ]);
    expect(hasForm(JSON.stringify(others) + rawBody.toString("utf8"), clientKey)).toEqual([]);
    expect(hasForm(JSON.stringify(others) + rawBody.toString("utf8"), otherClientKey)).toEqual([]);
  }
  await upstream.stop();
}, 30_000);

test.each([["BUN_CONFIG_VERBOSE_FETCH", "curl"]])(
  "the program does not start with %s",
  async (name, value) => {
    await expect(startProgram("http://127.0.0.1:9/v1", { [name]: value })).rejects.toThrow(`unset ${name}`);
  },
);
