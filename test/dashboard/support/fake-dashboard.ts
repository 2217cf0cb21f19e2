import { bundlePage } from "../../../src/dashboard/bundle-page.ts";
import type { NowAnswer, UpstreamsAnswer } from "../../../src/dashboard/dashboard-api.ts";
import { pageHtml } from "../../../src/dashboard/page-html.ts";
import type {
  ListedRequest,
  RecordedSession,
  SessionAgent,
  UsageSum,
} from "../../../src/record/record-reader.ts";
import type { RecordedBody } from "../../../src/record/recorded-request.ts";
import { parseFakeFilter } from "./fake-filter.ts";
import { createBodies } from "./sample-bodies.ts";
import { createRequests, hostileTexts } from "./sample-requests.ts";

/** The policy of the real server. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

export interface FakeDashboard {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** Oldest first; a test may add to it. */
  readonly requests: ListedRequest[];
  /** What the page is told of now; a test may change it. */
  readonly now: { -readonly [Name in keyof NowAnswer]: NowAnswer[Name] };
  /** What is said to be missing in lists and sums; a test may change it. */
  readonly missing: { note: string | null };
  /** A list of requests is answered when this has come; null for at once. A test may change it. */
  readonly listing: { gate: Promise<void> | null };
  /** The path and query of everything that was asked. */
  readonly asked: string[];
  /** The bodies of one request, in place of the invented ones. */
  readonly bodies: Map<string, readonly RecordedBody[]>;
  stop(): Promise<void>;
}

/** When the newest of the invented requests came. */
export const endMs = Date.parse("2026-11-30T03:04:05Z");

/** Bundled once: that takes longer than most tests. */
let bundled: ReturnType<typeof bundlePage> | null = null;

/** Serves the page with invented answers on a free port of the loopback, under the policy of the real server. */
export function startFakeDashboard({ count = 5000, port = 0 } = {}): FakeDashboard {
  bundled ??= bundlePage();
  const { script, styles } = bundled;
  const requests = createRequests(count, endMs);
  const now = createNow();
  const asked: string[] = [];
  const bodies: FakeDashboard["bodies"] = new Map();
  const missing: FakeDashboard["missing"] = { note: null };
  const listing: FakeDashboard["listing"] = { gate: null };
  const state = { requests, now, bodies, missing, listing };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port,
    async fetch(request) {
      const url = new URL(request.url);
      asked.push(url.pathname + url.search);
      const answer = (body: string, type: string) =>
        new Response(body, {
          headers: { "content-type": `${type}; charset=utf-8`, "content-security-policy": policy },
        });
      switch (url.pathname) {
        case "/dashboard":
          return answer(pageHtml, "text/html");
        case "/dashboard/page.js":
          return answer(script, "text/javascript");
        case "/dashboard/page.css":
          return answer(styles, "text/css");
        case "/dashboard/api/requests":
          await listing.gate;
          return answerQuestion(url, state);
        default:
          return answerQuestion(url, state);
      }
    },
  });
  return { origin: `http://127.0.0.1:${server.port}`, ...state, asked, stop: () => server.stop(true) };
}

type FakeState = Pick<FakeDashboard, "requests" | "now" | "bodies" | "missing">;

function answerQuestion(url: URL, state: FakeState): Response {
  const [, kind = "", id] = /^\/dashboard\/api\/([a-z]+)(?:\/(.+))?$/.exec(url.pathname) ?? [];
  const filter = parseFakeFilter(url.searchParams.get("filter") ?? "");
  if ("fault" in filter) return refuse(400, "invalid_request_error", filter.fault);
  const limit = Number.parseInt(url.searchParams.get("limit") ?? "100", 10);
  if (limit > 500) return refuse(400, "invalid_request_error", "limit: must be a whole number from 1 to 500");
  const matching = state.requests.filter(filter.matches);
  switch (kind) {
    case "now":
      return Response.json(state.now);
    case "requests":
      return id === undefined
        ? Response.json({ requests: listRequests(url, matching), ...state.missing })
        : findExchange(decodeURIComponent(id), state);
    case "usage": {
      const by = url.searchParams.get("by") ?? "day";
      return Response.json({ by, sums: sumBy(matching, (request) => keyOf(by, request)), ...state.missing });
    }
    case "sessions":
      return Response.json({ sessions: listSessions(matching).slice(0, limit), ...state.missing });
    case "upstreams":
      return Response.json(upstreams);
    default:
      return refuse(404, "not_found_error", "There is nothing here.");
  }
}

function refuse(status: number, type: string, message: string): Response {
  return Response.json({ type: "error", error: { type, message } }, { status });
}

function listRequests(url: URL, matching: readonly ListedRequest[]): ListedRequest[] {
  const limit = Number.parseInt(url.searchParams.get("limit") ?? "100", 10);
  const after = url.searchParams.get("after");
  if (after !== null) return matching.filter(({ seq }) => seq > Number.parseInt(after, 10)).slice(0, limit);
  const [timeMs = Number.POSITIVE_INFINITY, seq = 0] = (url.searchParams.get("before") ?? "")
    .split(",")
    .filter((part) => part !== "")
    .map(Number);
  return matching
    .filter((request) => request.timeMs < timeMs || (request.timeMs === timeMs && request.seq < seq))
    .toReversed()
    .slice(0, limit);
}

function findExchange(id: string, { requests, bodies }: FakeState): Response {
  const found = requests.find(({ requestId }) => requestId === id);
  if (found === undefined) return refuse(404, "not_found_error", `There is no request ${id} in the record.`);
  const { seq, hasBodies, ...request } = found;
  return Response.json({
    request,
    bodies: bodies.get(id) ?? (hasBodies ? createBodies(request, 1 + (seq % 5)) : []),
    curl: hasBodies
      ? `curl https://api.z.ai/v4 -H "authorization: Bearer $UPSTREAM_KEY" -d @- # ${id}`
      : null,
    clientCurl: hasBodies ? `curl http://127.0.0.1:8082/v1/messages -d @- # ${id}` : null,
    replay: `claude-proxy replay ${id}`,
  });
}

function keyOf(by: string, request: ListedRequest): string | null {
  switch (by) {
    case "model":
      return request.model;
    case "upstream":
      return request.upstream;
    case "client":
      return request.client;
    case "session":
      return request.sessionId;
    case "kind":
      return request.kind;
    default:
      return new Date(request.timeMs).toISOString().slice(0, 10);
  }
}

function sumBy(
  requests: readonly ListedRequest[],
  keyOfOne: (request: ListedRequest) => string | null,
): UsageSum[] {
  return [...Map.groupBy(requests, keyOfOne)].map(([key, group]) => sumOf(key, group));
}

function sumOf(key: string | null, group: readonly ListedRequest[]): UsageSum {
  const total = (of: (request: ListedRequest) => number | null) =>
    group.reduce((sum, request) => sum + (of(request) ?? 0), 0);
  const firstBytes = group.flatMap(({ firstByteMs }) => firstByteMs ?? []).toSorted((a, b) => a - b);
  return {
    key,
    requests: group.length,
    errors: group.filter(({ status }) => status >= 400).length,
    promptTokens: total((r) => (r.inputTokens ?? 0) + (r.cacheReadTokens ?? 0) + (r.cacheWriteTokens ?? 0)),
    outputTokens: total(({ outputTokens }) => outputTokens),
    cacheReadTokens: total(({ cacheReadTokens }) => cacheReadTokens),
    cacheWriteTokens: total(({ cacheWriteTokens }) => cacheWriteTokens),
    thinkingTokens: total(({ thinkingTokens }) => thinkingTokens),
    costUsd: total(({ costUsd }) => costUsd),
    unknownCosts: group.filter(({ costUsd, outputTokens }) => costUsd === null && outputTokens !== null)
      .length,
    medianFirstByteMs: firstBytes[Math.floor(firstBytes.length / 2)] ?? null,
    worstFirstByteMs: firstBytes.at(-1) ?? null,
    firstMs: group[0]?.timeMs ?? 0,
    lastMs: group.at(-1)?.timeMs ?? 0,
  };
}

function listSessions(requests: readonly ListedRequest[]): RecordedSession[] {
  return [...Map.groupBy(requests, ({ sessionId }) => sessionId ?? "")]
    .map(([sessionId, group]) => ({
      sessionId,
      client: group[0]?.client ?? null,
      agents: [...Map.groupBy(group, ({ agentId }) => agentId).values()].flatMap(describeAgent),
      sum: sumOf(sessionId, group),
    }))
    .toReversed();
}

function describeAgent(group: readonly ListedRequest[]): SessionAgent[] {
  const last = group.at(-1);
  if (last === undefined) return [];
  const { key: _, promptTokens: __, ...sum } = sumOf(null, group);
  return [
    {
      agentId: last.agentId,
      parentAgentId: last.parentAgentId,
      agentType: last.agentType,
      requests: sum.requests,
      errors: sum.errors,
      costUsd: sum.costUsd,
      unknownCosts: sum.unknownCosts,
      firstMs: sum.firstMs,
      lastMs: sum.lastMs,
      model: last.model,
      contextTokens: (last.inputTokens ?? 0) + (last.cacheReadTokens ?? 0) + (last.outputTokens ?? 0),
      window: last.agentType === "code-reviewer" ? null : last.window,
    },
  ];
}

function createNow(): FakeDashboard["now"] {
  const running = (requestId: string, elapsedMs: number, firstByteMs: number | null) => ({
    requestId,
    client: "laptop",
    sessionId: "5e550024-0000-4000-8000-000000000001",
    agentType: firstByteMs === null ? "Explore" : null,
    kind: "main",
    clientModel: "claude-opus-4-6",
    upstream: "zai",
    model: "glm-4.6",
    elapsedMs,
    firstByteMs,
    answerBytes: firstByteMs === null ? 0 : 4200,
  });
  return {
    version: "0.1.0",
    nowMs: endMs + 2000,
    record: {
      path: "/home/user/.local/state/claude-proxy/record.sqlite",
      backlog: 0,
      lost: 0,
      fault: null,
      shared: null,
    },
    recordBodies: "errors",
    running: [running("req_running_1", 4200, 900), running("req_running_2", 700, null)],
    budgets: [
      { name: "day of everybody", spentUsd: 8.2, limitUsd: 10, endsMs: endMs + 72_000_000 },
      { name: "session", spentUsd: 0.4, limitUsd: 5, endsMs: null },
    ],
  };
}

const upstreams: UpstreamsAnswer = {
  upstreams: [
    { name: "zai", address: "api.z.ai/api/paas/v4", protocol: "chat", keys: 2 },
    { name: "deepseek", address: "api.deepseek.com", protocol: "chat", keys: 1 },
    { name: "openrouter", address: "openrouter.ai/api/v1", protocol: "responses", keys: 1 },
  ],
  health: [
    { name: "zai/glm-4.6", isHealthy: true, restsMs: null, reason: null },
    { name: "zai key 2", isHealthy: false, restsMs: 42_000, reason: "429 three times" },
    { name: "deepseek/deepseek-v4-pro", isHealthy: false, restsMs: 300_000, reason: hostileTexts.html },
  ],
  learned: [
    { target: "zai/glm-4.6", text: "does not accept tool_choice; it is left out" },
    { target: "deepseek/deepseek-v4-pro", text: "reads 131,072 tokens at most" },
  ],
};

if (import.meta.main) {
  const { origin } = startFakeDashboard({ port: 8099 });
  process.stdout.write(`${origin}/dashboard\n`);
}
