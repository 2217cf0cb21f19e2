import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { event, message, refusal, stream } from "../support/anthropic-upstream.ts";
import { chunk, completionOf, stopChunk } from "../support/chunks.ts";
import { hangUp, json, type Reply, sse, status } from "../support/reply.ts";
import { replyOf } from "../support/responses/response-events.ts";
import { responseManners } from "../support/responses/response-manner.ts";
import { hello } from "../support/start-pair.ts";
import { type RunningProgram, startProgram } from "../support/start-program.ts";
import { objectOf } from "../support/strict/json.ts";
import { type RecordedRequest, startUpstream, type Upstream } from "../support/upstream.ts";

/** The upstreams of the file: `own` gets the clients' own credentials, each other one has a key of its own. */
const names = ["own", "passed", "chat", "responses", "fine"] as const;
type Name = (typeof names)[number];

/** Words that no pattern of keys knows: they can only be recognised by what they are. */
const canary = "quokka.7f3a9c2e51d84b60aa17.quokka";
const clientKey = "wombat_5b1d77c0e2f94a38_wombat";
const keyOf = (name: Name) => `numbat~${name}~91c4e07d53ab~numbat`;

let folder: string;
let program: RunningProgram;
const upstreams = new Map<Name, Upstream>();
const upstream = (name: Name): Upstream => {
  const found = upstreams.get(name);
  if (found === undefined) throw new Error(`${name} is not started`);
  return found;
};

beforeEach(async () => {
  hasEchoed = false;
  folder = mkdtempSync(join(tmpdir(), "secrets-stay-"));
  for (const name of names) upstreams.set(name, await startUpstream());
  const line = (name: Name, more: string) =>
    `  ${name}: { url: "${upstream(name).baseUrl}", profile: generic, ${more} }\n`;
  const key = (name: Name) => `key: "\${KEY_OF_${name.toUpperCase()}}"`;
  const text = `upstreams:
${line("own", "protocol: anthropic, key: client")}${line("passed", `protocol: anthropic, ${key("passed")}`)}${line("chat", `protocol: chat, keys: ["\${KEY_OF_CHAT}", "\${KEY_OF_CHAT}-2"]`)}${line("responses", `protocol: responses, ${key("responses")}`)}${line("fine", `protocol: chat, ${key("fine")}`)}routes:
  default: [own/m, passed/m, chat/m, fine/m]
  haiku: [own/m, responses/m, fine/m]
clients:
  team: { key: "\${KEY_OF_TEAM}" }
`;
  const path = join(folder, "config.yaml");
  writeFileSync(path, text, { mode: 0o600 });
  const keys = Object.fromEntries(names.map((name) => [`KEY_OF_${name.toUpperCase()}`, keyOf(name)]));
  const settings = { CONFIG_FILE: path, LOG_LEVEL: "DEBUG", KEY_OF_TEAM: clientKey, ...keys };
  program = await startProgram("http://127.0.0.1:9/v1", settings);
});

afterEach(async () => {
  await program[Symbol.asyncDispose]();
  await Promise.all([...upstreams.values()].map((one) => one.stop()));
  rmSync(folder, { recursive: true, force: true });
});

/** An echo stood in what ended a request. */
let hasEchoed = false;

/** What an upstream that shows all it got says: the head of the request, plainly and encoded. */
function echoOf({ headers }: RecordedRequest): string {
  const plain = `${headers["authorization"]} ${headers["x-api-key"]} ${JSON.stringify(headers)}`;
  const words = plain.split(/[^\w.~-]+/).filter((word) => /quokka|wombat|numbat/.test(word));
  const encoded = words.map((word) => `${Buffer.from(word).toString("base64")} ${encodeURIComponent(word)}`);
  return `you sent ${plain} ${encoded.join(" ")}`;
}

function finalEchoOf(request: RecordedRequest): string {
  hasEchoed = true;
  return echoOf(request);
}

type Scripted = (request: RecordedRequest) => Reply;

const isStream = ({ body }: RecordedRequest) => objectOf(body)["stream"] === true;
const echoes =
  (code: number): Scripted =>
  (request) =>
    refusal(code, code === 429 ? "rate_limit_error" : "api_error", finalEchoOf(request));
const echoesInStream: Scripted = (request) =>
  stream([event({ type: "error", error: { type: "overloaded_error", message: finalEchoOf(request) } })]);
const redirectsTo =
  (name: Name): Scripted =>
  ({ path }) =>
    status(307, "", { location: `${new URL(upstream(name).baseUrl).origin}${path}` });
const dies: Scripted = () =>
  sse([event({ type: "message_start", message: { usage: {} } }), event({ type: "ping" })], {
    done: false,
    end: "reset",
  });
const passes: Scripted = (request) => (isStream(request) ? stream() : message());
const answers: Scripted = (request) =>
  isStream(request) ? sse([chunk({ content: "hello" }), stopChunk]) : json(completionOf({ text: "hello" }));
const responds: Scripted = () =>
  replyOf({ output: [{ kind: "message", text: "hello" }] }, responseManners.openai);
const refusesParameter: Scripted = (request) =>
  "temperature" in objectOf(request.body)
    ? status(400, { error: { message: `Unknown parameter: 'temperature'. ${echoOf(request)}` } })
    : answers(request);
const refusesThinking: Scripted = (request) =>
  request.rawBody.includes("signature")
    ? refusal(400, "invalid_request_error", `Invalid \`signature\` in \`thinking\` block. ${echoOf(request)}`)
    : passes(request);

/** What each upstream says in a round; those that are not named answer as they should. */
const rounds: readonly [what: string, Partial<Record<Name, Scripted>>][] = [
  ["all is well", {}],
  ["the first is overloaded", { own: echoes(529) }],
  [
    "all but the last fail",
    { own: echoes(529), passed: echoes(500), chat: echoes(429), responses: echoes(402) },
  ],
  ["the first sends an error in a stream", { own: echoesInStream }],
  ["the first limits and the second sends to another", { own: echoes(429), passed: redirectsTo("fine") }],
  ["the first sends to another", { own: redirectsTo("passed") }],
  ["the first is gone in the middle", { own: dies }],
  ["the first hangs up", { own: () => hangUp("reset") }],
  ["the credential is refused", { own: echoes(401) }],
  ["something is to be repaired", { own: refusesThinking, chat: refusesParameter }],
  [
    "a page comes",
    {
      own: (request) =>
        status(200, `<title>${finalEchoOf(request)}</title>`, { "content-type": "text/html" }),
    },
  ],
  ["nothing is counted", { own: ({ path }) => (path.includes("count") ? status(404, "") : message()) }],
];

const thought = { type: "thinking", thinking: "Hm.", signature: "made elsewhere" };
const conversation = {
  ...hello,
  temperature: 0.5,
  messages: [
    { role: "user", content: "hi" },
    { role: "assistant", content: [thought, { type: "text", text: "yes" }] },
    { role: "user", content: "go on" },
  ],
};

const models = [
  "claude-sonnet-5-5",
  "claude-haiku-4-5",
  "chat/m",
  "responses/m",
  "passed/m",
  "fine/m",
  "own/m",
];

/** Every request of a round, in each form in which a client may send its credential; gives what the clients hear. */
async function play(): Promise<string[]> {
  const ask = async (path: string, headers: Record<string, string>, body: string) => {
    const response = await fetch(`${program.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie: `k=${canary}`, ...headers },
      body,
    });
    const text = await response.text().catch(String);
    return JSON.stringify([...response.headers]) + text;
  };
  const asked: Promise<string>[] = [];
  for (const credential of [{ authorization: `Bearer ${canary}` }, { "x-api-key": canary }]) {
    const both: Record<string, string> = { ...credential, "x-claude-proxy-key": clientKey };
    for (const model of models) {
      const body = { ...conversation, model };
      asked.push(
        ask("/v1/messages?beta=true", both, JSON.stringify(body)),
        ask(`/v1/messages?beta=true&key=${canary}`, both, JSON.stringify({ ...body, stream: true })),
        ask("/v1/messages/count_tokens", both, JSON.stringify(body)),
      );
    }
    // Without a key of ours, with one in the wrong place, and with a body that is none.
    asked.push(
      ask("/v1/messages", credential, JSON.stringify(conversation)),
      ask("/v1/messages", { ...both, authorization: `Bearer ${clientKey}` }, JSON.stringify(conversation)),
      ask("/v1/messages", both, '{"model": "m'),
    );
  }
  // Somebody's client key alone, where our own keys pay.
  const direct = JSON.stringify({ ...conversation, model: "chat/m" });
  asked.push(
    ask("/v1/messages", { "x-api-key": clientKey }, direct),
    ask("/v1/messages", { authorization: `Bearer ${clientKey}` }, JSON.stringify(conversation)),
  );
  const heard = await Promise.all(asked);
  // What anybody may look at has no credential of a client either.
  const look = (path: string) => fetch(program.url + path, { headers: { "x-api-key": clientKey } });
  for (const path of ["/status", "/v1/models"]) {
    const text = await (await look(path)).text();
    for (const secret of [canary, clientKey]) expect([holds(text, secret), text]).toEqual([false, text]);
    heard.push(text);
  }
  return heard;
}

/** How a secret may stand in a text. */
const formsOf = (secret: string) => [
  secret,
  Buffer.from(secret).toString("base64").replace(/=+$/, ""),
  encodeURIComponent(secret),
  encodeURIComponent(secret).replace(/\./g, "%2E").replace(/~/g, "%7E"),
];
const holds = (text: string, secret: string) => formsOf(secret).some((form) => text.includes(form));

const textOf = ({ method, path, headers, rawBody }: RecordedRequest) =>
  `${method} ${path} ${JSON.stringify(headers)} ${rawBody.toString()}`;

/** All that the program has written: its console, and every file below its home. */
function written(): Record<string, string> {
  const files = readdirSync(program.home, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const texts = files.map((file): [string, string] => {
    const path = join(file.parentPath, file.name);
    return [path, readFileSync(path, "utf8")];
  });
  return { console: program.output(), ...Object.fromEntries(texts) };
}

test.each(rounds)(
  "credentials and keys stay where they belong when %s",
  async (_, scripted) => {
    const usual: Record<Name, Scripted> = {
      own: passes,
      passed: passes,
      chat: answers,
      responses: responds,
      fine: answers,
    };
    for (const name of names) upstream(name).respondWith(scripted[name] ?? usual[name]);
    const before = Object.fromEntries(names.map((name) => [name, upstream(name).requests.length]));
    const heard = await play();
    for (const name of names) {
      const requests = upstream(name).requests.slice(before[name]).map(textOf);
      // Each of them was asked, or else the round shows nothing of it.
      expect([name, requests.length > 0]).toEqual([name, true]);
      const foreign = names.filter((other) => other !== name).map(keyOf);
      const forbidden = [...foreign, clientKey, ...(name === "own" ? [keyOf(name)] : [canary])];
      for (const secret of forbidden)
        expect([name, requests.filter((request) => holds(request, secret))]).toEqual([name, []]);
      for (const request of requests) expect(request).not.toContain("x-claude-proxy-key");
      if (name === "own") for (const request of requests) expect(request).toContain(canary);
    }
    for (const text of heard)
      for (const name of names) expect([holds(text, keyOf(name)), text]).toEqual([false, text]);
    // The bodies are in the log, and what was echoed too.
    expect(program.records().some(({ name }) => name === "upstream-request")).toBe(true);
    expect(JSON.stringify(program.records()).includes("you sent")).toBe(hasEchoed);
    for (const [place, text] of Object.entries(written()))
      for (const secret of [canary, clientKey, ...names.map(keyOf)])
        if (holds(text, secret)) {
          const at = Math.max(...formsOf(secret).map((form) => text.indexOf(form)));
          throw new Error(`${place} shows ${secret}: ${text.slice(Math.max(0, at - 300), at + 100)}`);
        }
  },
  30_000,
);
