import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { createBudgets } from "../../../src/budget/create-budgets.ts";
import type { RecordedBody, RecordedRequest } from "../../../src/record/recorded-request.ts";
import { openSession } from "../../support/dashboard-session.ts";
import { clientSettings, createFileConfig, upstreamSettings } from "../../support/file-config.ts";
import { recordedRequest } from "../../support/record-rows.ts";
import { readFailure, readObject, startPair } from "../../support/start-pair.ts";
import { type Recorded, startRecorded } from "../../support/start-recorded.ts";
import { createTestConfig } from "../../support/test-config.ts";

const file = createFileConfig({
  upstreams: [upstreamSettings("desk", "http://127.0.0.1:9/v1")],
  clients: [clientSettings("web-team"), clientSettings("night-batch")],
});
const masterKey = "canary-master-0123456789";

const noonMs = Date.UTC(2026, 10, 30, 12);
const request = (id: string, members: Partial<RecordedRequest> = {}) =>
  recordedRequest({ requestId: `req_${id}`, ...members });

const bodies: RecordedBody[] = [
  { name: "client-request", send: 0, head: null, text: '{"model":"m"}', bytes: 13, isCut: false },
  {
    name: "upstream-request",
    send: 1,
    head: {
      url: "http://127.0.0.1:9/v1/chat/completions",
      headers: { authorization: "Bearer $UPSTREAM_KEY" },
    },
    text: '{"model":"n"}',
    bytes: 13,
    isCut: false,
  },
];

/** The answer of an API path, as an object. */
async function ask({ url }: Recorded, path: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/dashboard/api/${path}`, { headers });
  expect([path, response.status, response.headers.get("content-type")]).toEqual([
    path,
    200,
    "application/json",
  ]);
  return readObject(response);
}

/** The ids that a list has, in its order. */
async function listIds(recorded: Recorded, query: string, headers: Record<string, string> = {}) {
  const { requests } = await ask(recorded, `requests${query}`, headers);
  return (Array.isArray(requests) ? requests : []).map((one) => String(one.requestId));
}

const fault = async ({ url }: Recorded, path: string) =>
  readFailure(await fetch(`${url}/dashboard/api/${path}`));

test("requests are listed from the newest, as they were recorded", async () => {
  await using recorded = await startRecorded();
  recorded.rows.add(request("a", { timeMs: noonMs }));
  recorded.rows.add(request("b", { timeMs: noonMs + 1, status: 429, errorType: "rate_limit_error" }), bodies);
  expect(await ask(recorded, "requests")).toEqual({
    requests: [
      {
        ...request("b", { timeMs: noonMs + 1, status: 429, errorType: "rate_limit_error" }),
        seq: 2,
        hasBodies: true,
      },
      { ...request("a", { timeMs: noonMs }), seq: 1, hasBodies: false },
    ],
    note: null,
  });
});

test("the list goes on before a place, and tells what is new behind a number", async () => {
  await using recorded = await startRecorded();
  for (const id of ["a", "b", "c", "d"]) recorded.rows.add(request(id, { timeMs: noonMs }));
  expect(await listIds(recorded, "?limit=2")).toEqual(["req_d", "req_c"]);
  expect(await listIds(recorded, `?limit=2&before=${noonMs},3`)).toEqual(["req_b", "req_a"]);
  expect(await listIds(recorded, "?after=2")).toEqual(["req_c", "req_d"]);
});

test("a filter chooses among them", async () => {
  await using recorded = await startRecorded();
  recorded.rows.add(request("a", { status: 429, errorType: "rate_limit_error" }));
  recorded.rows.add(request("b", { model: "other/model" }));
  const filter = (text: string) => listIds(recorded, `?filter=${encodeURIComponent(text)}`);
  expect(await filter("status:>=400")).toEqual(["req_a"]);
  expect(await filter("model:other*")).toEqual(["req_b"]);
  expect(await filter("")).toEqual(["req_b", "req_a"]);
});

test("a query that cannot be meant is refused in words", async () => {
  await using recorded = await startRecorded();
  const type = "invalid_request_error";
  for (const [path, message] of [
    ["requests?limit=0", "limit: must be a whole number from 1 to 500"],
    ["requests?limit=501", "limit: must be a whole number from 1 to 500"],
    ["requests?limit=1e2", "limit: must be a whole number from 1 to 500"],
    ["requests?before=1", "before: must be two whole numbers, TIME_MS,SEQ"],
    ["requests?before=1,2,3", "before: must be two whole numbers, TIME_MS,SEQ"],
    ["requests?before=1,-2", "before: must be two whole numbers, TIME_MS,SEQ"],
    ["requests?after=x", "after: must be a whole number"],
    ["sessions?limit=-1", "limit: must be a whole number from 1 to 500"],
    ["usage?by=weather", "by: must be one of day, week, month, model, upstream, client, session, kind"],
  ] as const) {
    expect([path, ...(await fault(recorded, path))]).toEqual([path, 400, type, message]);
  }
  for (const path of ["requests", "usage", "sessions"]) {
    const [status, of, message] = await fault(recorded, `${path}?filter=stats:1`);
    expect([status, of, message]).toEqual([400, type, expect.stringMatching(/^filter: .*stats/)]);
  }
});

test("one exchange has its bodies, and commands that repeat it", async () => {
  await using recorded = await startRecorded();
  recorded.rows.add(request("a"), bodies);
  recorded.rows.add(request("b"));
  const whole = await ask(recorded, "requests/req_a");
  expect(whole).toEqual({
    request: request("a"),
    bodies: expect.arrayContaining(bodies),
    curl: expect.stringContaining("$UPSTREAM_KEY"),
    clientCurl: expect.stringContaining(`${recorded.url}/v1/messages`),
    replay: "claude-proxy replay req_a",
  });
  expect(await ask(recorded, "requests/req_b")).toEqual({
    request: request("b"),
    bodies: [],
    curl: null,
    clientCurl: null,
    replay: "claude-proxy replay req_b",
  });
});

test.each([
  "req_none",
  "..%2f..%2fetc%2fpasswd",
  "%2e%2e%2f",
  "a'%20or%201=1--",
  "req_%25",
  "%00",
  "x".repeat(5000),
  "%F0%9F%92%A9",
])("an id under which nothing can be is not found: %s", async (id) => {
  await using recorded = await startRecorded();
  recorded.rows.add(request("a"));
  expect(await fault(recorded, `requests/${id}`)).toEqual([
    404,
    "not_found_error",
    "id: no request is recorded under it",
  ]);
});

test("sums and sessions", async () => {
  await using recorded = await startRecorded();
  const ofSession = { sessionId: "s-1", timeMs: noonMs, upstream: "desk" };
  recorded.rows.add(request("a", { ...ofSession, costUsd: 0.5 }));
  recorded.rows.add(request("b", { ...ofSession, costUsd: null, costSource: null, agentId: "agent-1" }));
  const sum = {
    requests: 2,
    errors: 0,
    promptTokens: 2000,
    outputTokens: 200,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    thinkingTokens: 0,
    costUsd: 0.5,
    unknownCosts: 1,
    medianFirstByteMs: 400,
    worstFirstByteMs: 400,
    firstMs: noonMs,
    lastMs: noonMs,
  };
  expect(await ask(recorded, "usage?by=upstream")).toEqual({
    by: "upstream",
    sums: [{ key: "desk", ...sum }],
    note: null,
  });
  expect((await ask(recorded, "usage"))["by"]).toBe("day");
  expect(await ask(recorded, "sessions?limit=1")).toEqual({
    sessions: [expect.objectContaining({ sessionId: "s-1", client: null })],
    note: null,
  });
});

/** What a client's key shows. */
async function seenBy(recorded: Recorded, headers: Record<string, string>) {
  const { requests } = await ask(recorded, "requests?filter=client:*", headers);
  const { sums } = await ask(recorded, "usage?by=client", headers);
  const { sessions } = await ask(recorded, "sessions", headers);
  const statuses = await Promise.all(
    ["a", "b", "c"].map(
      async (id) => (await fetch(`${recorded.url}/dashboard/api/requests/req_${id}`, { headers })).status,
    ),
  );
  const all = JSON.stringify([requests, sums, sessions]);
  return {
    requests: ["req_a", "req_b", "req_c"].filter((id) => all.includes(id)),
    sums: (Array.isArray(sums) ? sums : []).map(({ key, requests }) => [key, requests]),
    sessions: ["session-web", "session-night"].filter((id) => all.includes(id)),
    statuses,
  };
}

test("a client sees its own requests, sums and sessions alone; PROXY_API_KEY sees all", async () => {
  await using recorded = await startRecorded({ file, proxyApiKey: masterKey });
  recorded.rows.add(request("a", { client: "web-team", sessionId: "session-web" }));
  recorded.rows.add(request("b", { client: "night-batch", sessionId: "session-night", costUsd: 2 }));
  recorded.rows.add(request("c", { client: null }));
  const web = { cookie: await openSession(recorded.url, "web-team-client-key") };
  const own = { requests: ["req_a"], sums: [["web-team", 1]], sessions: ["session-web"] };
  expect(await seenBy(recorded, web)).toEqual({ ...own, statuses: [200, 404, 404] });
  // A key sees what its session sees.
  expect(await seenBy(recorded, { "x-api-key": "web-team-client-key" })).toEqual({
    ...own,
    statuses: [200, 404, 404],
  });
  for (const filter of ["client:night-batch", "-client:web-team", "id:req_b"]) {
    expect(await listIds(recorded, `?filter=${filter}`, web)).toEqual([]);
  }
  expect(await listIds(recorded, "?after=0", web)).toEqual(["req_a"]);
  const master = { cookie: await openSession(recorded.url, masterKey) };
  const { sums, statuses, sessions } = await seenBy(recorded, master);
  expect(statuses).toEqual([200, 200, 200]);
  expect(sums.toSorted()).toEqual(
    [
      ["night-batch", 1],
      ["web-team", 1],
      [null, 1],
    ].toSorted(),
  );
  expect(sessions).toEqual(["session-web", "session-night"]);
});

test("without a session each of them refuses", async () => {
  await using recorded = await startRecorded({ proxyApiKey: masterKey });
  recorded.rows.add(request("a"));
  for (const path of ["requests", "requests/req_a", "usage", "sessions"]) {
    expect((await fault(recorded, path)).slice(0, 2)).toEqual([401, "authentication_error"]);
  }
});

test("with RECORD=off there is nothing, and no fault", async () => {
  await using pair = await startPair();
  const answers = await Promise.all(
    ["requests", "usage?by=model", "sessions", "requests/req_a"].map(async (path) => {
      const response = await fetch(`${pair.proxy.url}/dashboard/api/${path}`);
      return response.status === 200 ? await response.json() : (await readFailure(response)).slice(0, 2);
    }),
  );
  expect(answers).toEqual([
    { requests: [], note: null },
    { by: "model", sums: [], note: null },
    { sessions: [], note: null },
    [404, "not_found_error"],
  ]);
});

test("a record that cannot be read is told of in words", async () => {
  await using recorded = await startRecorded();
  recorded.rows.add(request("a"));
  // As a later version of the program leaves it.
  using database = new Database(recorded.path);
  database.run("pragma user_version = 99");
  const [status, type, message] = await fault(recorded, "requests");
  expect([status, type, message]).toEqual([
    503,
    "api_error",
    expect.stringMatching(/^record: .*record\.sqlite/),
  ]);
  expect(recorded.lines.join("")).not.toContain("    at ");
});

test("the upstreams are told without their keys and queries", async () => {
  await using recorded = await startRecorded();
  expect(await ask(recorded, "upstreams")).toEqual({
    upstreams: [{ name: "127.0.0.1:9", address: "127.0.0.1:9/v1", protocol: expect.any(String), keys: 1 }],
    health: [],
    learned: [],
  });
  await using filed = await startRecorded({ file });
  const { upstreams } = await ask(filed, "upstreams", { "x-api-key": "web-team-client-key" });
  expect(upstreams).toEqual([{ name: "desk", address: "127.0.0.1:9/v1", protocol: "auto (chat)", keys: 1 }]);
});

test("the page is told how targets are, and what was spent; a client what is its own", async () => {
  const health = [{ name: "desk/m", isHealthy: false, restsMs: 900, reason: "failed too often" }];
  const clients = ["web-team", "night-batch"].map((name) => clientSettings(name, { usdPerDay: 2 }));
  const capped = { budgetUsdPerDay: 2, budgetUsdPerSession: 2, file: { ...file, clients } };
  const config = createTestConfig({ baseUrl: "http://127.0.0.1:9/v1", logFilePath: "/none", ...capped });
  const budgets = createBudgets(config, {
    findSpent: async () => ({ usd: 1, unknown: { requests: 0, promptTokens: 0, outputTokens: 0 } }),
    warn: () => {},
    nowMs: () => noonMs,
  });
  await budgets.admit({ client: "web-team", sessionId: "s-1" });
  const names = ["day of everybody", "day of web-team", "day of night-batch", "session s-1"];
  const endsMs = new Date(noonMs).setHours(24, 0, 0, 0);
  const all = names.map((name) => ({
    name,
    spentUsd: 1,
    limitUsd: 2,
    endsMs: name.startsWith("session") ? null : endsMs,
  }));
  await using recorded = await startRecorded({ file, proxyApiKey: masterKey }, { budgets, health });
  const web = { "x-api-key": "web-team-client-key" };
  expect((await ask(recorded, "upstreams", web))["health"]).toEqual(health);
  const own = await ask(recorded, "now", web);
  expect([own["budgets"], own["record"]]).toEqual([
    all.slice(1, 2),
    { path: recorded.path, backlog: 0, lost: 0, fault: null, shared: null },
  ]);
  expect((await ask(recorded, "now", { "x-api-key": masterKey }))["budgets"]).toEqual(all);
});

test("no answer has a secret of the settings", async () => {
  await using recorded = await startRecorded({ file, proxyApiKey: masterKey });
  recorded.rows.add(request("a", { client: "web-team" }), bodies);
  const headers = { "x-api-key": masterKey };
  const paths = ["", "/page.js", "/page.css", "/nothing", "/enter?code=canary-code"].concat(
    ["now", "requests", "requests/req_a", "usage", "sessions", "upstreams"].map((name) => `/api/${name}`),
  );
  for (const path of paths) {
    const response = await fetch(`${recorded.url}/dashboard${path}`, { headers });
    const said = (await response.text()) + JSON.stringify([...response.headers]);
    expect([path, said.match(/canary-\w+-0123456789|-client-key|sk-[\w-]*upstream-key/)]).toEqual([
      path,
      null,
    ]);
  }
});
