import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRows, until } from "../record/recorded.ts";
import { event, message, refusal, stream } from "../support/anthropic-upstream.ts";
import { chunk, completionOf, stopChunk, toolCallChunk } from "../support/chunks.ts";
import { createLeakSearch, readFiles, readProcessList, withJoinedPieces } from "../support/find-leaks.ts";
import { json, type Reply, sse, status } from "../support/reply.ts";
import { responseEvents, responseOf, responseSse } from "../support/responses/response-events.ts";
import { hello } from "../support/start-pair.ts";
import { type RunningProgram, startProgram } from "../support/start-program.ts";
import { isObject, objectOf, objectsOf } from "../support/strict/json.ts";
import { type RecordedRequest, startUpstream, type Upstream } from "../support/upstream.ts";
import { startCollector } from "../tracing/start-collector.ts";

/** A secret that no pattern knows, with characters that each encoding writes in its own way. */
const secretOf = (name: string) => `${name}+7f3a/9c2e&51d84b<${Bun.hash(name).toString(16)}~quokka`;

const secretNames = [
  "openai",
  "proxy",
  "pool1",
  "pool2",
  "responses",
  "passed",
  "header",
  "body",
  "query",
  "viaPassword",
  "team",
  "guest",
  "bearer",
  "apiKey",
  "cookie",
  "collector",
] as const;
type SecretName = (typeof secretNames)[number];
const secrets: Record<SecretName | "pasted", string> = {
  ...(Object.fromEntries(secretNames.map((name) => [name, secretOf(name)])) as Record<SecretName, string>),
  // Only its form tells what it is.
  pasted: "sk-proj-canary0123456789abcdefghijk",
};
const find = createLeakSearch(secrets);

/** Which secrets an upstream must get: its own, and the credentials of clients where they are passed on. */
const belongs: Readonly<Record<string, readonly (SecretName | "pasted")[]>> = {
  own: ["bearer", "apiKey"],
  passed: ["passed"],
  chat: ["pool1", "pool2", "header", "body", "query"],
  responses: ["responses"],
};
const upstreamNames = Object.keys(belongs);

let folder: string;
const upstreams = new Map<string, Upstream>();
const upstream = (name: string): Upstream => {
  const found = upstreams.get(name);
  if (found === undefined) throw new Error(`${name} is not started`);
  return found;
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nothing-leaks-"));
  for (const name of upstreamNames) upstreams.set(name, await startUpstream());
});

afterEach(async () => {
  await Promise.all([...upstreams.values()].map((one) => one.stop()));
  rmSync(folder, { recursive: true, force: true });
});

/** All that a request held of keys. */
function echoOf({ path, headers, rawBody }: RecordedRequest): string {
  return `you sent ${path} ${Object.values(headers).join(" ")} ${rawBody.toString()}`;
}

type Scripted = (request: RecordedRequest) => Reply;
const isStream = ({ body }: RecordedRequest) => objectOf(body)["stream"] === true;

/** The keys that an upstream has seen, as a model would say them. */
const said = ({ path, headers }: RecordedRequest) =>
  `Well: ${headers["authorization"] ?? ""} ${headers["x-api-key"] ?? ""} ${decodeURIComponent(path)}`;
const piecesOf = (text: string) => text.match(/.{1,3}/gs) ?? [];

/** Says the keys in its answer, in its tool call and in its headers, in pieces where it streams. */
const repeats: Readonly<Record<string, Scripted>> = {
  own: (request) => (isStream(request) ? stream() : message()),
  passed: (request) =>
    isStream(request)
      ? stream(
          [
            {
              type: "message_start",
              message: { id: "m", role: "assistant", content: [], usage: { input_tokens: 9 } },
            },
            { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
            ...piecesOf(said(request)).map((text) => ({
              type: "content_block_delta",
              index: 0,
              delta: { type: "text_delta", text },
            })),
            { type: "content_block_stop", index: 0 },
            { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 9 } },
            { type: "message_stop" },
          ].map(event),
        )
      : message(),
  chat: (request) =>
    isStream(request)
      ? sse(
          [
            ...piecesOf(said(request)).map((content) => chunk({ content })),
            ...piecesOf(JSON.stringify({ said: said(request) })).map((piece, index) =>
              toolCallChunk(
                0,
                index === 0 ? { id: "call_1", name: "Read", arguments: piece } : { arguments: piece },
              ),
            ),
            stopChunk,
          ],
          { headers: { "x-request-id": `id ${request.headers["authorization"]}` } },
        )
      : json(completionOf({ text: said(request) }), {
          headers: { "x-request-id": `id ${request.headers["authorization"]}` },
        }),
  responses: (request) => {
    const answer = { output: [{ kind: "message" as const, text: said(request) }] };
    return isStream(request) ? responseSse(responseEvents(answer)) : json(responseOf(answer));
  },
};

const fails =
  (code: number): Scripted =>
  (request) =>
    refusal(code, code === 429 ? "rate_limit_error" : "api_error", echoOf(request));
const failsInStream: Scripted = (request) =>
  isStream(request)
    ? sse([chunk({ content: "Well" }), { error: { message: echoOf(request), code: 500 } }])
    : status(500, { error: { message: echoOf(request) } });

/** What the upstreams do, one after the other; those that are not named repeat. */
const rounds: readonly Readonly<Record<string, Scripted>>[] = [
  {},
  { own: fails(529), passed: fails(500) },
  { own: fails(400), passed: fails(401), chat: fails(429), responses: fails(402) },
  { chat: failsInStream, responses: failsInStream },
];

/** A key that is somewhere in the settings, and one that is in none, stand in what the user writes. */
const conversationWith = (key: string) => ({
  ...hello,
  tools: [{ name: "Read", description: "Reads.", input_schema: { type: "object" } }],
  messages: [{ role: "user", content: `My keys are ${secrets.pasted} and ${key}.` }],
});

interface Caller {
  url: string;
  /** What he pastes into his prompts. */
  pastes: string;
  headers: Readonly<Record<string, string>>;
}

/** Sends every kind of request to each model, and gives what was heard. */
async function ask({ url, headers, pastes }: Caller, models: readonly string[]): Promise<string[]> {
  const send = async (path: string, body: unknown, more: Record<string, string> = {}) => {
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-claude-code-session-id": "0198-canary-session",
        cookie: `k=${secrets.cookie}`,
        ...headers,
        ...more,
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await response.text().catch(String);
    return `${JSON.stringify([...response.headers])} ${withJoinedPieces(text)}`;
  };
  const conversation = conversationWith(pastes);
  const all = models.flatMap((model) => [
    send("/v1/messages?beta=true", { ...conversation, model }),
    send(`/v1/messages?key=${encodeURIComponent(secrets.cookie)}`, { ...conversation, model, stream: true }),
    send("/v1/messages/count_tokens", { ...conversation, model }),
  ]);
  const wrong = { authorization: `Bearer ${secrets.bearer}`, "x-api-key": secrets.bearer };
  return Promise.all([...all, send("/v1/messages", '{"model": "m'), send("/v1/messages", hello, wrong)]);
}

const usageGroups = ["day", "week", "month", "model", "upstream", "client", "session", "kind"];

/** Everything that the proxy tells whoever has a key. */
async function readAnswers({ url, headers }: Caller): Promise<(readonly [string, string])[]> {
  const get = async (path: string) => {
    const response = await fetch(url + path, { headers });
    return [path, JSON.stringify([...response.headers]) + (await response.text())] as const;
  };
  const list = await get("/dashboard/api/requests?limit=500");
  const ids = [...new Set(list[1].match(/req_[0-9A-Za-z]{24}/g))];
  const paths = [
    ...["/", "/status", "/health", "/metrics", "/v1/models", "/dashboard", "/dashboard/page.js"],
    ...["page.css", "api/now", "api/sessions", "api/upstreams", "enter?code=x"].map(
      (path) => `/dashboard/${path}`,
    ),
    ...usageGroups.map((by) => `/dashboard/api/usage?by=${by}`),
    "/dashboard/api/requests?filter=body%3Awell",
    ...ids.map((id) => `/dashboard/api/requests/${id}`),
  ];
  const answers = await Promise.all(paths.map(get));
  return [list, ...answers.map(([path, text]) => [path, withEscapedEvents(text)] as const)];
}

/** Messages are told as texts in JSON: their events are found behind the escapes. */
function withEscapedEvents(text: string): string {
  const start = text.indexOf('{"request":');
  if (start === -1) return text;
  const exchange: unknown = JSON.parse(text.slice(start));
  const bodies = isObject(exchange) ? objectsOf(exchange["bodies"]) : [];
  return [text, ...bodies.map((body) => withJoinedPieces(String(body["text"])))].join("\n");
}

/** What the commands print about what the proxy did. */
async function runCommands(program: RunningProgram, env: Record<string, string>, ids: readonly string[]) {
  const run = async (args: readonly string[], input = ""): Promise<readonly [string, string]> => {
    const main = join(import.meta.dir, "../../src/main.ts");
    const child = Bun.spawn([process.execPath, "--no-env-file", main, ...args], {
      cwd: program.home,
      env: { PATH: process.env["PATH"] ?? "", HOME: program.home, PORT: String(program.port), ...env },
      stdin: Buffer.from(input),
      stdout: "pipe",
      stderr: "pipe",
    });
    const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    await child.exited;
    return [args.join(" "), withJoinedPieces(out + err)];
  };
  const client = JSON.stringify({ session_id: "0198-canary-session", model: { display_name: "Opus" } });
  const lists = [
    ...usageGroups.slice(3).map((by) => ["usage", "--by", by]),
    ["usage", "--json"],
    ["usage", "--csv"],
    ["logs", "-n", "500"],
    ["logs", "-n", "500", "--json"],
    ["logs", "body:well"],
    ["learned"],
    ["learned", "--json"],
    ["status"],
    ["config"],
    ["dashboard", "--no-open"],
  ];
  const shown = ids.flatMap((id) => [
    ["logs", "show", id],
    ["logs", "show", id, "--json"],
    ["logs", "show", id, "--curl"],
    ["logs", "show", id, "--curl", "client"],
    ["logs", "show", id, "--raw", "client-request"],
    ["logs", "show", id, "--raw", "upstream-request"],
    ["logs", "show", id, "--raw", "upstream-response"],
    ["logs", "show", id, "--raw", "client-response"],
    ["replay", id, "--dry-run"],
  ]);
  const said: (readonly [string, string])[] = [];
  for (const args of [...lists, ...shown, ["replay", ids[0] ?? "", "--json"]]) said.push(await run(args));
  said.push(await run(["statusline"], client), await run(["statusline", "--json"], client));
  return said;
}

/** Some requests of each kind: those that failed, that were sent on, and that went well. */
function pickIds(path: string): string[] {
  const rows = readRows(
    path,
    "select id from requests where path like '%messages' group by upstream, stream, status, error_type, sends order by seq",
  );
  return rows.map(({ id }) => String(id));
}

/** Searches all places, and shows that they were filled. */
async function expectNoLeak(
  program: RunningProgram,
  caller: Caller,
  env: Record<string, string>,
): Promise<void> {
  const path = join(program.home, ".local/state/claude-proxy/record.sqlite");
  const count = () => Number(readRows(path, "select count(*) n from requests")[0]?.["n"]);
  await until(() => count() >= program.records().filter((line) => line["event"] === "request").length);
  const answers = await readAnswers(caller);
  const ids = pickIds(path);
  expect(ids.length).toBeGreaterThan(6);
  const commands = await runCommands(program, env, [...ids.slice(0, 2), ...ids.slice(-2)]);
  const files = readFiles(program.home);
  const places = [["console", program.output()] as const, ...files, ...answers, ...commands];
  expect(find([...places, ...readProcessList(program.pid)])).toEqual([]);
  const all = files.map(([, text]) => text).join("\n");
  for (const word of ["you sent", "Well: ", "My keys are", "[redacted]"]) {
    expect([word, all.includes(word)]).toEqual([word, true]);
  }
}

test("nothing of a key leaves its place, whatever is recorded, shown or told", async () => {
  await using collector = startCollector();
  const line = (name: string, more: string, query = "") =>
    `  ${name}: { url: "${upstream(name).baseUrl}${query}", profile: generic, ${more} }\n`;
  const ref = (name: SecretName) => `"\${S_${name.toUpperCase()}}"`;
  const chatMore = `protocol: chat, keys: [${ref("pool1")}, ${ref("pool2")}], headers: { x-gateway: ${ref("header")} }, body: { user_mark: ${ref("body")} }`;
  const config = join(folder, "config.yaml");
  writeFileSync(
    config,
    `upstreams:
${line("own", "protocol: anthropic, key: client")}${line("passed", `protocol: anthropic, key: ${ref("passed")}`)}${line("chat", chatMore, `?key=${encodeURIComponent(secrets.query)}`)}${line("responses", `protocol: responses, key: ${ref("responses")}`)}  far: { url: "http://canary.invalid/v1", profile: generic, protocol: chat, key: ${ref("responses")}, http_proxy: "http://me:${encodeURIComponent(secrets.viaPassword)}@127.0.0.1:9" }
routes:
  default: [own/m, far/m, passed/m, chat/m]
  haiku: [responses/m, chat/m]
clients:
  team: { key: ${ref("team")} }
  guest: { key: ${ref("guest")} }
models:
  chat/m: { price: { input: 1, output: 2 } }
`,
    { mode: 0o600 },
  );
  const env = {
    CONFIG_FILE: config,
    OPENAI_API_KEY: secrets.openai,
    PROXY_API_KEY: secrets.proxy,
    ...Object.fromEntries(secretNames.map((name) => [`S_${name.toUpperCase()}`, secrets[name]])),
  };
  await using program = await startProgram("http://127.0.0.1:9/v1", {
    ...env,
    LOG_LEVEL: "DEBUG",
    RECORD_BODIES: "all",
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: `x-collector=${encodeURIComponent(secrets.collector)}`,
  });
  const models = [
    "claude-sonnet-5-5",
    "claude-haiku-4-5",
    "own/m",
    "passed/m",
    "chat/m",
    "responses/m",
    "far/m",
  ];
  const heard: string[] = [];
  for (const scripted of rounds) {
    for (const name of upstreamNames) {
      upstream(name).respondWith(scripted[name] ?? repeats[name] ?? (() => hangs(name)));
    }
    const mark = { "x-claude-proxy-key": secrets.team };
    for (const headers of [
      { authorization: `Bearer ${secrets.bearer}`, ...mark },
      { "x-api-key": secrets.apiKey, ...mark },
      { "x-api-key": secrets.guest },
    ]) {
      heard.push(...(await ask({ url: program.url, headers, pastes: secrets.team }, models)));
    }
  }
  await expectNoLeak(program, { url: program.url, headers: { "x-api-key": secrets.proxy }, pastes: "" }, env);
  await collector.received(10);
  expect(find([["traces", collector.bodies.join("\n")]])).toEqual([]);
  expect(collector.headers[0]?.get("x-collector")).toBe(secrets.collector);
  // Whose credential was sent hears of it what an upstream repeats, and what he said himself. What is passed on as it is
  // is not searched.
  const own = ["bearer", "apiKey", "pasted", "team", "passed"] as const;
  expect(
    find(
      heard.map((text, index) => [`answer ${index}`, text] as const),
      own,
    ),
  ).toEqual([]);
  for (const name of upstreamNames) {
    const got = upstream(name).requests.map(
      (request) =>
        [name, `${request.path} ${JSON.stringify(request.headers)} ${request.rawBody.toString()}`] as const,
    );
    expect(got.length).toBeGreaterThan(3);
    expect(find(got, [...(belongs[name] ?? []), "pasted", "team"])).toEqual([]);
  }
}, 120_000);

function hangs(name: string): Reply {
  throw new Error(`${name} has no script`);
}

test("nothing of a key leaves its place without a configuration file", async () => {
  const one = upstream("chat");
  const env = { OPENAI_API_KEY: secrets.openai, PROXY_API_KEY: secrets.proxy };
  await using program = await startProgram(`${one.baseUrl}?key=${encodeURIComponent(secrets.query)}`, {
    ...env,
    LOG_LEVEL: "DEBUG",
    RECORD_BODIES: "all",
    UPSTREAM_PROTOCOL: "chat",
  });
  const caller = { url: program.url, headers: { "x-api-key": secrets.proxy }, pastes: secrets.proxy };
  const heard: string[] = [];
  for (const scripted of rounds) {
    one.respondWith(scripted["chat"] ?? repeats["chat"] ?? (() => hangs("chat")));
    heard.push(...(await ask(caller, ["claude-sonnet-5-5", "claude-haiku-4-5"])));
  }
  await expectNoLeak(program, caller, env);
  expect(
    find(
      heard.map((text, index) => [`answer ${index}`, text] as const),
      ["pasted", "team"],
    ),
  ).toEqual([]);
  const got = one.requests.map(
    (request) =>
      ["upstream", `${request.path} ${JSON.stringify(request.headers)} ${request.rawBody}`] as const,
  );
  expect(find(got, ["openai", "query", "pasted", "proxy"])).toEqual([]);
}, 120_000);
