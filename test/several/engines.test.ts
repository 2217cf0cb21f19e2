import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgramIn } from "../cli/run-program-in.ts";
import { chunk, chunksOf, completionOf } from "../support/chunks.ts";
import { nameWithPostgres, sharePostgres, whyNoPostgres } from "../support/postgres.ts";
import { json, type Reply, sse, status } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { type RunningProgram, startProgram } from "../support/start-program.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

type Row = Record<string, unknown>;

interface Exchange {
  readonly body: object;
  readonly replies: readonly Reply[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
}

const key = "canary-client-0123456789";
const usage = {
  prompt_tokens: 1_200,
  completion_tokens: 34,
  total_tokens: 1_234,
  prompt_tokens_details: { cached_tokens: 1_000 },
  completion_tokens_details: { reasoning_tokens: 12 },
};
const say = (...texts: readonly string[]) => ({
  ...hello,
  messages: texts.map((content, index) => ({ role: index % 2 === 0 ? "user" : "assistant", content })),
});
const readTool = {
  name: "Read",
  description: "Reads.",
  input_schema: { type: "object", properties: { path: { type: "string" } } },
};
const call = { id: "call_1", name: "Read", arguments: { path: "/tmp/ä" } };
const long = "x".repeat(5_000);
const answered = () => json(completionOf({ text: "hello", usage }), { headers: { "x-request-id": "up_1" } });

/** What is asked of both, one after the other. */
const traffic: readonly Exchange[] = [
  { body: hello, replies: [answered()] },
  { body: { ...hello, stream: true }, replies: [sse(chunksOf({ text: `Straße 日本 ${long}`, usage }))] },
  {
    body: { ...hello, stream: true, tools: [readTool], top_k: 5 },
    replies: [sse(chunksOf({ reasoning: "hm", toolCalls: [call], usage: { ...usage, cost: 0.0123 } }))],
  },
  { body: say("one", "yes", "two"), replies: [answered()], headers: { "x-claude-code-session-id": "s1" } },
  // Its prompt is another one than that of the request before.
  {
    body: say("One", "yes", "two", "no", "three"),
    replies: [answered()],
    headers: { "x-claude-code-session-id": "s1" },
  },
  { body: { ...hello, model: "claude-haiku-4-5" }, replies: [json(completionOf({ text: "small", usage }))] },
  // Refused, mended and sent again.
  {
    body: { ...hello, temperature: 0.5 },
    replies: [
      status(400, {
        error: { message: "Unsupported parameter: 'temperature' is not supported with this model." },
      }),
      answered(),
    ],
  },
  { body: hello, replies: [status(401, { error: { message: "no such key" } })] },
  { body: hello, replies: [status(400, { error: { message: "The prompt is \u0000 bad." } })] },
  { body: hello, replies: [status(429, { error: { message: "Slower" } }, { "retry-after": "3" })] },
  {
    body: { ...hello, stream: true },
    replies: [sse([chunk({ content: "broken" })], { done: false, end: "fin", paceMs: 300 })],
  },
  {
    body: { ...hello, stream: true },
    // Whether a mark of the end were read behind the error would be chance.
    replies: [sse([chunk({ content: "a" }), { error: { message: "over" } }], { done: false })],
  },
  { body: { ...hello, max_tokens: "many" }, replies: [] },
  { body: hello, replies: [], headers: { "x-api-key": "canary-wrong-0123456789" } },
  { body: say("a \ud800 half, and \u0000"), replies: [answered()] },
  {
    body: { ...hello, stream: true },
    replies: [sse(chunksOf({ text: "cut", finishReason: "length", usage }))],
  },
  // Last, as it makes later estimates finer, some time behind it.
  { body: say("count"), replies: [], path: "/v1/messages/count_tokens" },
];

async function play(program: RunningProgram, upstream: Upstream): Promise<void> {
  for (const { body, replies, headers = {}, path = "/v1/messages" } of traffic) {
    for (const reply of replies) upstream.reply(reply);
    const response = await fetch(`${program.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": key, ...headers },
      body: JSON.stringify(body),
    });
    // A stream may break.
    await response.text().catch(() => undefined);
  }
}

const fileOf = (baseUrl: string) => `
upstreams:
  desk: { url: "${baseUrl}", profile: generic }
routes: { default: desk/big-model, small: desk/small-model }
clients:
  web: { key: ${key} }
`;

/** Runs a program through the traffic, to its end. */
async function record(upstream: Upstream, home: string, settings: Readonly<Record<string, string>>) {
  const program = await startProgram(
    upstream.baseUrl,
    { RECORD_BODIES: "all", ...settings },
    { home, file: fileOf(upstream.baseUrl) },
  );
  await play(program, upstream);
  program.kill("SIGTERM");
  expect(await program.exited).toBe(0);
}

/** What is by chance is made the same, in a row as in what commands print of it. */
const evened = `update REQUESTS as r set time = N.base + N.place * 1000, id = 'req_' || N.place,
  first_byte_ms = case when first_byte_ms is null then null else N.place * 10 end, duration_ms = N.place * 20,
  tokens_per_second = null,
  attempts = MS
  from (select seq, row_number() over (order by seq) as place, BASE as base from REQUESTS) as N where N.seq = r.seq`;

function fillEvened(table: string, baseMs: number, attempts: string): string {
  return evened
    .replaceAll("REQUESTS", table)
    .replace("BASE", `cast(${baseMs} as bigint)`)
    .replace("MS", attempts);
}

const rowsOf = (table: string) => `select * from ${table} order by seq`;
const bodiesOf = (table: string) =>
  `select seq, name, send, head, bytes, is_cut, content from ${table} order by seq, name, send`;

/** A row without what only one engine has, and with numbers where the tests' client gives texts. */
function readRow({ txid, instance, attempts, ...row }: Row): Row {
  const isWhole = (value: unknown) => typeof value === "string" && /^\d+$/.test(value);
  const values = Object.entries(row).map(([name, value]) => [name, isWhole(value) ? Number(value) : value]);
  return {
    ...Object.fromEntries(values),
    attempts: attempts === null ? null : JSON.parse(String(attempts)),
  };
}

/** A message with the ids, times and ports in it made the same. */
function readBody({ content, head, ...row }: Row): Row {
  const text = content instanceof Uint8Array ? Bun.zstdDecompressSync(content).toString() : String(content);
  const even = (words: string) =>
    words.replace(/\b(req|msg)_[0-9A-Za-z]+/g, "$1_x").replace(/"(date|host)":"[^"]*"/g, '"$1":"x"');
  const rest = readRow({ ...row, attempts: null });
  return { ...rest, head: head === null ? null : even(String(head)), content: even(text) };
}

/** Where the record is differs. */
const withoutPlace = (printed: string) => printed.replace(/^ {2}"(?:file|database)": .*\n/m, "");

describe.skipIf(whyNoPostgres !== null)(nameWithPostgres("the same traffic"), () => {
  test("makes the same rows in a file and in a shared record, of which commands print the same", async () => {
    const shared = await sharePostgres();
    const url = await shared.createDatabase("several_engines");
    const upstream = await startUpstream();
    const homes = [0, 1].map(() => mkdtempSync(join(tmpdir(), "claude-proxy-engines-")));
    const [fileHome = "", sharedHome = ""] = homes;
    await record(upstream, fileHome, { RECORD: "on" });
    const sentFirst = upstream.requests.length;
    await record(upstream, sharedHome, { RECORD: url });
    expect(upstream.requests.length).toBe(2 * sentFirst);

    const baseMs = Date.now() - 60_000;
    const file = new Database(join(fileHome, ".local/state/claude-proxy/record.sqlite"));
    file.run(
      fillEvened(
        "requests",
        baseMs,
        "replace(attempts, attempts, json_remove(attempts, '$[0].ms', '$[1].ms'))",
      ),
    );
    await shared.query(
      fillEvened(
        "proxy_requests",
        baseMs,
        "(select json_agg(a::jsonb - 'ms')::text from json_array_elements(attempts::json) a)",
      ),
      url,
    );
    const ofFile = file.query<Row, []>(rowsOf("requests")).all();
    const bodiesOfFile = file.query<Row, []>(bodiesOf("bodies")).all();
    file.close();
    const ofShared = await shared.query(rowsOf("proxy_requests"), url);
    const bodiesOfShared = await shared.query(bodiesOf("proxy_bodies"), url);
    expect(ofFile).toHaveLength(traffic.length);
    expect(ofShared.map(readRow)).toEqual(ofFile.map(readRow));
    expect(bodiesOfFile.length).toBeGreaterThan(3 * traffic.length);
    expect(bodiesOfShared.map(readBody)).toEqual(bodiesOfFile.map(readBody));

    for (const words of [
      ["usage"],
      ["usage", "--json"],
      ["usage", "--by", "model"],
      ["logs"],
      ["logs", "--json"],
      ["logs", "req_3"],
    ]) {
      const printed = await Promise.all(
        [
          [fileHome, "on"],
          [sharedHome, url],
        ].map(([home = "", RECORD = ""]) => runProgramIn(home, words, { RECORD })),
      );
      const [ofOne = "", ofOther] = printed.map(
        ({ exitCode, out, err }) => `${exitCode} ${err}${withoutPlace(out)}`,
      );
      expect(ofOther).toBe(ofOne);
      expect(ofOne).toMatch(/^0 \S.*\n/);
    }
    await upstream.stop();
    for (const home of homes) rmSync(home, { recursive: true, force: true });
  }, 60_000);
});
