import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../../src/config/config.ts";
import { readRows, until } from "../record/recorded.ts";
import { chunk, stopChunk } from "../support/chunks.ts";
import { sse, status } from "../support/reply.ts";
import { hello, type Pair, startPair } from "../support/start-pair.ts";
import { startProgram } from "../support/start-program.ts";
import { startUpstream } from "../support/upstream.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "claude-proxy-recording-"));
  path = join(folder, "record.sqlite");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const startRecorded = (settings: Partial<Config> = {}): Promise<Pair> =>
  startPair({ settings: { record: "on", stateFolder: folder, ...settings } });

/** The rows of the requests, once there are so many. */
async function readRequests(count: number, columns: string): Promise<Record<string, unknown>[]> {
  const query = `select ${columns} from requests order by seq`;
  await until(() => existsSync(path) && hasTable() && readRows(path, query).length >= count);
  return readRows(path, query);
}

const hasTable = () => readRows(path, "select 1 from sqlite_master where name = 'requests'").length === 1;

const answer = () => sse([chunk({ content: "word" }), stopChunk]);

test("each messages request and each count is recorded, refused ones too, and no probe", async () => {
  await using pair = await startRecorded();
  pair.upstream.reply(answer());
  await (await pair.post({ ...hello, stream: true })).text();
  pair.upstream.reply(status(400, { error: { message: "no such model" } }));
  await (await pair.post(hello)).text();
  await (await pair.count()).text();
  await (await pair.post("no json")).text();
  await (await fetch(`${pair.proxy.url}/v1/messages`)).text();
  await (await fetch(`${pair.proxy.url}/health`)).text();
  await (await fetch(`${pair.proxy.url}/v1/other`, { method: "POST", body: "{}" })).text();
  expect(await readRequests(4, "path, status, asked_model, error_type")).toEqual([
    { path: "/v1/messages", status: 200, asked_model: hello.model, error_type: null },
    { path: "/v1/messages", status: 400, asked_model: hello.model, error_type: "invalid_request_error" },
    { path: "/v1/messages/count_tokens", status: 200, asked_model: hello.model, error_type: null },
    { path: "/v1/messages", status: 400, asked_model: null, error_type: "invalid_request_error" },
  ]);
});

test("the messages of what failed are kept by default, with no key in them", async () => {
  await using pair = await startRecorded();
  pair.upstream.reply(answer());
  await (await pair.post(hello)).text();
  pair.upstream.reply(status(400, { error: { message: "refused: sk-upstream-key" } }));
  await (await pair.post({ ...hello, system: "sk-upstream-key" })).text();
  await readRequests(2, "seq");
  const names = readRows(path, "select seq, name, send from bodies order by send, name");
  expect(names).toEqual([
    { seq: 2, name: "client-request", send: 0 },
    { seq: 2, name: "client-response", send: 0 },
    { seq: 2, name: "upstream-request", send: 1 },
    { seq: 2, name: "upstream-response", send: 1 },
  ]);
  for (const name of readdirSync(folder)) {
    expect(readFileSync(join(folder, name), "latin1")).not.toContain("upstream-key");
  }
});

test("a key that comes with another configuration is in nothing that is written from then on", async () => {
  await using pair = await startRecorded({ recordBodies: "all" });
  await pair.proxy.reconfigure({ openaiApiKey: "later-canary-0123456789" });
  pair.upstream.reply(answer());
  await (await pair.post({ ...hello, model: "later-canary-0123456789" })).text();
  expect(await readRequests(1, "asked_model")).toEqual([{ asked_model: "[redacted]" }]);
});

test("RECORD=off writes nothing", async () => {
  await using pair = await startRecorded({ record: "off" });
  pair.upstream.reply(answer());
  await (await pair.post(hello)).text();
  await pair.proxy.stop();
  expect(readdirSync(folder)).toEqual([]);
});

test("what ended last is in the record of a program that was asked to end", async () => {
  const upstream = await startUpstream();
  upstream.respondWith(answer);
  await using program = await startProgram(upstream.baseUrl, { XDG_STATE_HOME: folder });
  const answered = await fetch(`${program.url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(hello),
  });
  await answered.text();
  program.kill("SIGTERM");
  expect(await program.exited).toBe(0);
  await upstream.stop();
  // The file alone is the whole record then.
  expect(readdirSync(join(folder, "claude-proxy")).filter((name) => name.startsWith("record"))).toEqual([
    "record.sqlite",
  ]);
  expect(
    readRows(join(folder, "claude-proxy", "record.sqlite"), "select status, model from requests"),
  ).toEqual([{ status: 200, model: "big-model" }]);
});

test.each(["auto", "deepseek"] as const)(
  "the page names the only upstream as its requests do, with the family %p",
  async (upstreamProfile) => {
    await using pair = await startRecorded({ upstreamProfile });
    pair.upstream.reply(status(400, { error: { message: "Unsupported parameter: 'max_tokens'" } }));
    pair.upstream.reply(answer());
    await (await pair.post({ ...hello, stream: true })).text();
    const [recorded] = await readRequests(1, "upstream, model");
    const { host } = new URL(pair.upstream.baseUrl);
    expect(recorded?.["upstream"]).toBe(upstreamProfile === "auto" ? host : "deepseek");
    const told = await (await fetch(`${pair.proxy.url}/dashboard/api/upstreams`)).json();
    expect(told).toMatchObject({ upstreams: [{ name: recorded?.["upstream"], address: `${host}/v1` }] });
  },
);
