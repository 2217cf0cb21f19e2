import { expect } from "bun:test";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { envelopePrefix } from "../../src/translate/reasoning/reasoning-envelope.ts";
import { createAgentScript } from "../support/agent-script.ts";
import { countedTokens, signature, startAnthropicModel } from "../support/anthropic-model.ts";
import { refusal } from "../support/anthropic-upstream.ts";
import { type Reply, status } from "../support/reply.ts";
import { type Json, objectOf, objectsOf } from "../support/strict/json.ts";
import { type Model, type StrictUpstream, startStrictUpstream } from "../support/strict-upstream.ts";
import type { Upstream } from "../support/upstream.ts";
import { createAgentTask, filesAfter } from "./agent-task.ts";
import { type FileSession, openFileSession } from "./file-session.ts";
import type { ClientVersion } from "./install-client.ts";
import { readResult } from "./session.ts";
import { startTap, type Tap, type Tapped } from "./start-tap.ts";
import { buildForTests, testClient } from "./test-client.ts";

/** The login of a person, which nobody but Anthropic may see. */
const token = "sk-ant-oat01-canary7f3a9c2e51d84b60aa17";
const refreshToken = "sk-ant-ort01-canary7f3a9c2e51d84b60aa17";
/** A key of ours, by which the program knows its clients. */
const ownKey = "me-client-key-5f0d2c7b";
const sideAnswer = { text: "none" };
/** Nothing listens there. */
const nobody = "http://127.0.0.1:1";

const binary = buildForTests();

interface Behind extends Record<string, { stop(): Promise<void> }> {
  anthropic: Upstream;
  /** Between the program and Anthropic. */
  way: Tap;
  other: StrictUpstream;
}

type LoginSession = FileSession<Behind>;

/** A client with a login of its own, and a file that sends it to Anthropic and to another upstream. */
async function openLogin(
  version: ClientVersion,
  models: (folder: string) => { anthropic: Model; other: Model },
  rest: string,
): Promise<LoginSession> {
  const session = await openFileSession<Behind>({
    binary: binary.path,
    version,
    createUpstreams: async (folder) => {
      const { anthropic: main, other } = models(folder);
      const anthropic = await startAnthropicModel(main);
      const way = await startTap(anthropic.baseUrl);
      return { anthropic, way, other: await startStrictUpstream("generic", other) };
    },
    // By its own name, it is the host that gets every byte.
    file: ({ way, other }) => `
upstreams:
  anthropic: { url: "http://api.anthropic.com/v1", key: client, http_proxy: "${way.url}" }
  other: { url: "${other.baseUrl}", key: sk-other-upstream-key }
${rest}`,
    settings: { LOG_LEVEL: "DEBUG" },
  });
  await mkdir(join(session.home, ".claude"), { recursive: true });
  const login = {
    accessToken: token,
    refreshToken,
    expiresAt: Date.now() + 8 * 60 * 60_000,
    scopes: ["user:inference", "user:profile"],
    subscriptionType: "max",
  };
  await Bun.write(join(session.home, ".claude/.credentials.json"), JSON.stringify({ claudeAiOauth: login }));
  return session;
}

const run = (session: LoginSession, said: string, environment: Readonly<Record<string, string>> = {}) =>
  session.run(said, {
    flags: ["--model", "sonnet"],
    environment: {
      // An empty token is none: the client takes its login.
      ANTHROPIC_AUTH_TOKEN: "",
      // With a login it calls Anthropic beside the conversation, whatever its base URL is: no call leaves this machine.
      HTTPS_PROXY: nobody,
      NO_PROXY: "127.0.0.1",
      ...environment,
    },
  });

/** The places, besides Anthropic, where one of the texts stands, also in base64. */
async function findPlaces({ upstreams, proxy }: LoginSession, wanted: readonly string[]): Promise<string[]> {
  const entries = await readdir(proxy.home, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = await Promise.all(
    files.map(async ({ name, parentPath }) => [name, await Bun.file(join(parentPath, name)).text()] as const),
  );
  const heard = upstreams.other.requests.map(
    ({ headers, rawBody, path }) => `${path} ${JSON.stringify(headers)} ${rawBody.toString()}`,
  );
  const places: (readonly [string, string])[] = [
    ...texts,
    ["the console", proxy.output()],
    ["the other upstream", heard.join("\n")],
  ];
  const forms = wanted.flatMap((text) => [text, Buffer.from(text).toString("base64")]);
  return places.filter(([, text]) => forms.some((form) => text.includes(form))).map(([place]) => place);
}

/** Of the login nothing may stand anywhere. The log and the other upstream are looked through: they have what was asked. */
async function expectNoLeak(session: LoginSession, asked: { log: string; other?: string }): Promise<void> {
  const { log, other } = asked;
  expect(await findPlaces(session, [token, refreshToken])).toEqual([]);
  expect(await findPlaces(session, [log])).toContain("claude-proxy.log");
  if (other !== undefined) expect(await findPlaces(session, [other])).toContain("the other upstream");
}

const isFromAgent = ({ headers }: Tapped) => headers["x-claude-code-agent-id"] !== undefined;
/** The request as it was, without what belongs to one connection. */
const essence = ({ method, path, headers, body, statusCode, answer }: Tapped) => {
  const { host, connection, "accept-encoding": coding, "proxy-connection": proxied, ...others } = headers;
  return { method, path, headers: others, body: body.toString(), statusCode, answer: answer.join("") };
};

const prompt = "You are the helper: say a word.";
const help = { description: "help", prompt, subagent_type: "general-purpose", run_in_background: false };
const helpedBy = createAgentScript({
  steps: [
    { calls: [{ name: "Bash", arguments: { command: "echo helped", description: "Help" } }] },
    { text: "The helper is done.", heard: ["helped"] },
  ],
  ids: "unique",
  sideAnswer,
});

for (const version of ["2.1.330", "newest"] as const) {
  testClient(version, "does a task with its own login, which only Anthropic sees", async () => {
    const surprises: string[][] = [helpedBy.surprises];
    const models = (folder: string) => {
      const [read, ...others] = createAgentTask(folder);
      const [edit, ...last] = others;
      if (read === undefined || edit === undefined) throw new Error("the task is too short");
      const steps = [
        read,
        { text: "I ask.", calls: [{ name: "Agent", arguments: help }], heard: ["alpha"] },
        { ...edit, heard: ["The helper is done."] },
        ...last,
      ];
      const main = createAgentScript({ steps, ids: "unique", sideAnswer });
      surprises.push(main.surprises);
      return { anthropic: main.model, other: helpedBy.model };
    };
    const rest = "routes: { default: anthropic/* }\ncases: [{ when: { agent: true }, to: other/helper }]\n";
    await using session = await openLogin(version, models, rest);
    const done = await run(session, "Do the task.");
    expect([surprises.flat(), done.stderr]).toEqual([[], ""]);
    expect(readResult(done)).toMatchObject({ is_error: false, result: "The task is done." });
    expect(await session.readFolder()).toEqual(filesAfter);

    const { anthropic, way, other } = session.upstreams;
    const sent = session.seen.filter((one) => !isFromAgent(one));
    expect(way.seen.map(essence)).toEqual(sent.map(essence));
    expect(new Set(anthropic.requests.map(({ headers }) => headers["authorization"]))).toEqual(
      new Set([`Bearer ${token}`]),
    );
    expect(anthropic.requests.length).toBe(6);
    // The client sends its login with these too, and the program keeps it.
    const ofAgent = session.seen.filter(isFromAgent);
    expect(ofAgent.map(({ headers }) => headers["authorization"])).toEqual(
      ofAgent.map(() => `Bearer ${token}`),
    );
    const answered = other.requests.filter(({ method }) => method === "POST");
    expect(answered.length).toBe(2);
    await expectNoLeak(session, { log: "Do the task.", other: prompt });
  });

  testClient(version, "has its context counted by Anthropic, with its own login", async () => {
    const models = () => ({ anthropic: () => sideAnswer, other: () => sideAnswer });
    await using session = await openLogin(version, models, "routes: { default: anthropic/* }\n");
    const done = await run(session, "/context");
    expect(readResult(done)["result"]).toContain("Context Usage");
    const counts = session.upstreams.way.seen.filter(({ path }) => path.includes("/count_tokens"));
    expect(counts.length).toBeGreaterThan(10);
    // Most of them run at the same time.
    const sorted = (seen: readonly Tapped[]) =>
      seen.map(essence).toSorted((one, next) => one.body.localeCompare(next.body));
    expect(sorted(counts)).toEqual(sorted(session.seen));
    expect(new Set(counts.map(({ answer }) => answer.join("")))).toEqual(
      new Set([JSON.stringify({ input_tokens: countedTokens })]),
    );
    expect(session.upstreams.other.requests).toEqual([]);
    await expectNoLeak(session, { log: "/v1/messages/count_tokens" });
  });

  testClient(version, "goes on elsewhere when its own plan is used up, and comes back", async () => {
    const surprises: string[][] = [];
    const asked: string[] = [];
    const models = (folder: string) => {
      const script = createAgentScript({ steps: createAgentTask(folder), ids: "unique", sideAnswer });
      surprises.push(script.surprises);
      // The plan is used up for the third request, and the other upstream is down from its third on.
      const fail = (name: string, from: number, until: number, failure: Reply): Model => {
        let times = 0;
        return (request) => {
          times += 1;
          asked.push(name);
          return times >= from && times < until ? failure : script.model(request);
        };
      };
      const limited = refusal(429, "rate_limit_error", "You have reached your limit", {
        "retry-after": "3600",
      });
      return {
        anthropic: fail("anthropic", 3, 4, limited),
        other: fail("other", 3, 9, status(503, { error: { message: "down" } })),
      };
    };
    await using session = await openLogin(version, models, "routes: { default: [anthropic/*, other/glm] }\n");
    const done = await run(session, "Do the task.");
    expect(surprises.flat()).toEqual([]);
    expect(readResult(done)).toMatchObject({ is_error: false, result: "The task is done." });
    expect(await session.readFolder()).toEqual(filesAfter);
    expect(asked).toEqual([
      ...["anthropic", "anthropic", "anthropic"],
      ...["other", "other", "other"],
      "anthropic",
    ]);
    expect(session.upstreams.other.violations.filter((fault) => fault !== "GET /v1/models")).toEqual([]);
    // What the other upstream has thought is sealed here, and Anthropic gets only what it has signed itself.
    const sealed = session.seen.at(-1)?.body.toString() ?? "";
    const last = session.upstreams.way.seen.at(-1)?.body.toString() ?? "";
    expect([sealed.includes(envelopePrefix), last.includes(envelopePrefix)]).toEqual([true, false]);
    expect([sealed, last].map((text) => text.split(`"signature":"${signature}"`).length)).toEqual([2, 2]);
    await expectNoLeak(session, { log: "Do the task.", other: "Do the task." });
  });

  testClient(version, "hears that its login is refused, and is not served at another's cost", async () => {
    const expired = refusal(401, "authentication_error", "OAuth token has expired.");
    const models = () => ({ anthropic: () => expired, other: () => ({ text: "I am the other." }) });
    await using session = await openLogin(version, models, "routes: { default: [anthropic/*, other/glm] }\n");
    const done = readResult(await run(session, "Say hello."));
    expect(done).toMatchObject({
      is_error: true,
      result: "Failed to authenticate. API Error: 401 OAuth token has expired.",
    });
    expect(session.upstreams.other.requests.filter(({ method }) => method === "POST")).toEqual([]);
    await expectNoLeak(session, { log: "Say hello." });
  });

  testClient(version, "is admitted by a key beside its login, and the key goes nowhere", async () => {
    const models = () => ({ anthropic: () => ({ text: "Hello." }), other: () => sideAnswer });
    const rest = `clients: { me: { key: ${ownKey} } }\nroutes: { default: anthropic/* }\n`;
    await using session = await openLogin(version, models, rest);
    const refused = readResult(await run(session, "Say hello."));
    expect(refused["result"]).toStartWith(
      'API Error: 424 claude-proxy: wrong or missing client key. Set ANTHROPIC_CUSTOM_HEADERS to "x-claude-proxy-key: KEY"',
    );
    expect(session.upstreams.way.seen).toEqual([]);
    const done = await run(session, "Say hello.", {
      ANTHROPIC_CUSTOM_HEADERS: `x-claude-proxy-key: ${ownKey}`,
    });
    expect(readResult(done)).toMatchObject({ is_error: false, result: "Hello." });
    expect(session.upstreams.way.seen.map(({ headers }) => headers["authorization"])).toEqual([
      `Bearer ${token}`,
    ]);
    expect(session.seen.at(-1)?.headers["x-claude-proxy-key"]).toBe(ownKey);
    expect(JSON.stringify(session.upstreams.way.seen)).not.toContain(ownKey);
    expect(await findPlaces(session, [ownKey])).toEqual(["config.yaml"]);
    await expectNoLeak(session, { log: "Say hello." });
  });
}

/** A request without the line for Anthropic's accounts, for another model. */
function asPassedElsewhere(body: string, model: string): Json {
  const request = objectOf(JSON.parse(body));
  const { system } = request;
  const isBilling = ({ text }: Json) => String(text).startsWith("x-anthropic-billing-header:");
  const kept = Array.isArray(system) ? objectsOf(system).filter((block) => !isBilling(block)) : system;
  return { ...request, model, system: kept };
}

for (const version of ["2.1.330", "newest"] as const) {
  testClient(version, "does a task at another server of Anthropic's wire, with a key of ours", async () => {
    const surprises: string[][] = [];
    const models = (folder: string) => {
      const script = createAgentScript({ steps: createAgentTask(folder), ids: "unique", sideAnswer });
      surprises.push(script.surprises);
      return { anthropic: script.model, other: () => sideAnswer };
    };
    await using session = await openFileSession({
      binary: binary.path,
      version,
      createUpstreams: async (folder) => {
        const upstream = await startAnthropicModel(models(folder).anthropic);
        return { upstream, way: await startTap(upstream.baseUrl) };
      },
      file: ({ way }) => `
upstreams:
  glm: { url: "${way.url}/v1", protocol: anthropic, key: sk-glm-upstream-key }
routes: { default: glm/glm-5.3 }
`,
    });
    const done = await session.run("Do the task.", { flags: ["--model", "sonnet"] });
    expect(surprises.flat()).toEqual([]);
    expect(readResult(done)).toMatchObject({ is_error: false, result: "The task is done." });
    expect(await session.readFolder()).toEqual(filesAfter);
    const sent = session.upstreams.way.seen.filter(({ method }) => method === "POST");
    expect(sent.length).toBe(session.seen.length);
    for (const [index, { body, headers, path }] of sent.entries()) {
      const asked = session.seen[index];
      expect(path).toBe(asked?.path ?? "");
      expect(JSON.parse(body.toString())).toEqual(asPassedElsewhere(String(asked?.body), "glm-5.3"));
      expect(headers["authorization"]).toBe("Bearer sk-glm-upstream-key");
      expect(headers["anthropic-beta"]).toBe(asked?.headers["anthropic-beta"]);
      expect(JSON.stringify(headers)).not.toContain("sk-client");
    }
  });
}
