import { expect, test } from "bun:test";
import fc from "fast-check";
import { ApiError } from "../../../src/anthropic/api-error.ts";
import type { StreamEvent } from "../../../src/anthropic/stream-event.ts";
import { selectProfile } from "../../../src/profiles/select-profile.ts";
import { createExchange, type Exchange, failoverHeaders } from "../../../src/relay/exchange.ts";
import type { Candidate } from "../../../src/relay/failover/candidate.ts";
import { createFailoverState } from "../../../src/relay/failover/failover-state.ts";
import { openTargets } from "../../../src/relay/failover/target-switch.ts";
import type { AnswerPiece, RelayedAnswer } from "../../../src/relay/relayed-answer.ts";
import { createSendBudget, mostSends, type SendBudget } from "../../../src/upstream/send-budget.ts";
import { UpstreamError } from "../../../src/upstream/upstream-error.ts";
import { type Clock, createClock } from "./clock.ts";

const faults = {
  dead: () => new UpstreamError("network", "x", { phase: "connect" }),
  silent: () => new UpstreamError("timeout", "x", { phase: "first_byte" }),
  limited: () =>
    new UpstreamError("http", "x", { status: 429, body: "slow", headers: { "retry-after": "9" } }),
  refused: () => new UpstreamError("http", "x", { status: 401, body: "no" }),
  broken: () => new UpstreamError("http", "x", { status: 500, body: "no" }),
  inside: () => new UpstreamError("http", "x", { status: 200, body: { error: { message: "it is over" } } }),
  invalid: () => new UpstreamError("http", "x", { status: 400, body: "temperature" }),
} as const;

type Behaviour = keyof typeof faults | "fine" | "empty" | "dies" | "unwritable";
const behaviours: readonly Behaviour[] = [
  ...(["dead", "silent", "limited", "refused", "broken", "inside", "invalid"] as const),
  ...(["fine", "empty", "dies", "unwritable"] as const),
];

const stop: StreamEvent = { type: "message_stop" };
const hello: StreamEvent = {
  type: "content_block_start",
  index: 0,
  content_block: { type: "text", text: "", citations: null },
};

/** One send, or a try that could not be sent. */
interface Ask {
  upstream: string;
  key: string | null;
  behaviour: Behaviour;
}

/** An answer of a target that behaves so. `sends`: how often it sends before that shows. */
function answerOf(
  { behaviour, ...ask }: Ask,
  { budget, sends, asked }: { budget: SendBudget; sends: number; asked: Ask[] },
): RelayedAnswer {
  if (behaviour === "unwritable") throw new ApiError("invalid_request_error", "no such tool here");
  let reads = 0;
  const read = async (): Promise<StreamEvent[] | null> => {
    reads += 1;
    if (reads === 1) {
      for (let send = 0; send < sends && (send === 0 || budget.hasLeft); send += 1) {
        budget.take();
        asked.push({ ...ask, behaviour });
      }
      if (behaviour === "empty") return [stop];
      if (behaviour === "fine" || behaviour === "dies") return [hello];
      throw faults[behaviour]();
    }
    if (behaviour === "dies") throw faults.dead();
    return reads === 2 && behaviour === "fine" ? [stop] : null;
  };
  const toApiError = (thrown: unknown) =>
    new ApiError("api_error", `${ask.upstream} failed`, { cause: thrown });
  return {
    reader: { opened: new Promise(() => {}), start: () => [], read },
    toApiError,
    finish: () => {},
    fail: toApiError,
  };
}

interface Round {
  behaviours: Behaviour[];
  sends: number;
  session: string | null;
  passMs: number;
}

const rounds: fc.Arbitrary<Round[]> = fc.array(
  fc.record({
    behaviours: fc.array(fc.constantFrom(...behaviours), { minLength: 4, maxLength: 4 }),
    sends: fc.integer({ min: 1, max: 2 }),
    session: fc.constantFrom("s", "t", null),
    passMs: fc.constantFrom(0, 1000, 6000, 700_000),
  }),
  { minLength: 1, maxLength: 12 },
);

/** How many keys each upstream has; null: it gets the client's own. */
const keyCounts = fc.array(fc.constantFrom(0, 1, 3, null), { minLength: 1, maxLength: 4 });

const exchangeOf = (): Exchange =>
  createExchange(new Request("http://127.0.0.1/v1/messages"), {
    requestId: "req_1",
    now: () => new Date(0),
    logger: { request: () => {}, error: () => {} },
  });

const candidateOf = (keyCount: number | null, index: number): Candidate => {
  const upstream = "abcd"[index] ?? "";
  return {
    route: {
      upstream,
      model: "m",
      profile: selectProfile({ setting: "generic", baseUrl: "http://127.0.0.1:9", model: "m" }),
      protocolBasis: "default",
    },
    window: null,
    keys: Array.from({ length: keyCount ?? 0 }, (_, key) => `${upstream}-key-${key}`),
    usesClientAccount: keyCount === null,
    concurrency: 1,
  };
};

/** Carries one request, and reads its answer to the end. */
async function carry(
  candidates: readonly Candidate[],
  state: ReturnType<typeof createFailoverState>,
  round: Round,
) {
  const exchange = exchangeOf();
  const asked: Ask[] = [];
  const tries: Ask[] = [];
  const budget = createSendBudget((taken) => {
    exchange.fields.attempts = taken;
  });
  let heard: AnswerPiece | null = null;
  let headers: Record<string, string> = {};
  let error: unknown = null;
  let answer: RelayedAnswer | null = null;
  try {
    answer = await openTargets({
      exchange,
      candidates,
      budget,
      state,
      conversationId: round.session,
      clientSignal: new AbortController().signal,
      logger: { warn: () => {} },
      openOn: ({ upstream }, key) => {
        const ask = { upstream, key, behaviour: round.behaviours["abcd".indexOf(upstream)] ?? "fine" };
        tries.push(ask);
        return answerOf(ask, { budget, sends: round.sends, asked });
      },
    });
    heard = await answer.reader.read();
    headers = failoverHeaders(exchange.fields);
    while ((await answer.reader.read()) !== null);
    answer.finish({ kind: "whole" });
  } catch (thrown) {
    error = thrown;
    answer?.fail(thrown);
  }
  exchange.end();
  if (heard === null) headers = failoverHeaders(exchange.fields);
  return { asked, tries, heard, headers, error, fields: exchange.fields };
}

type Carried = Awaited<ReturnType<typeof carry>>;

const statusOf: Readonly<Record<Behaviour, number | null>> = {
  dead: null,
  silent: null,
  limited: 429,
  refused: 401,
  broken: 500,
  inside: 502,
  invalid: 400,
  fine: 200,
  empty: 200,
  dies: 200,
  unwritable: null,
};

function checkOne(candidates: readonly Candidate[], { asked, tries, heard, headers, fields }: Carried): void {
  expect(asked.length).toBeLessThanOrEqual(mostSends);
  expect(headers["x-claude-proxy-attempts"]).toBe(String(asked.length));
  expect(headers["x-claude-proxy-upstream"]).toBe(fields.upstream ?? "");
  // Nothing is asked behind what the client has heard, or what the request itself is at fault for.
  for (const last of ["fine", "dies", "invalid"] as const)
    expect([-1, tries.length - 1]).toContain(tries.findIndex(({ behaviour }) => behaviour === last));
  const ofClients = candidates.filter(({ usesClientAccount }) => usesClientAccount);
  const isOfClients = (upstream: string) => ofClients.some(({ route }) => route.upstream === upstream);
  const refusedClient = tries.findIndex((one) => one.behaviour === "refused" && isOfClients(one.upstream));
  expect([-1, tries.length - 1]).toContain(refusedClient);
  // Who is named has said what the client heard; an empty answer may be the best of what failed.
  const named = tries.filter(({ upstream }) => upstream === headers["x-claude-proxy-upstream"]).at(-1);
  if (heard?.[0] === hello) expect([tries.at(-1)]).toEqual([named]);
  if (heard?.[0] === hello) expect(["fine", "dies"]).toContain(named?.behaviour ?? "");
  if (heard?.[0] === stop) expect(named?.behaviour).toBe("empty");
  // Each try is listed, in its order, with what came of it.
  const listed = fields.tried.filter(
    ({ error }) => error === null || !/^(?:passed|at its|all keys)/.test(error),
  );
  expect(listed.map(({ upstream, status }) => [upstream, status])).toEqual(
    tries.map(({ upstream, behaviour }) => [upstream, statusOf[behaviour]]),
  );
  // No target twice with the same key.
  expect(new Set(tries.map(({ upstream, key }) => `${upstream} ${key}`)).size).toBe(tries.length);
}

/** Which targets and keys a request may not use: told from the state before it. */
function checkExclusions(
  candidates: readonly Candidate[],
  { tries }: Carried,
  { paused, coolingKeys }: { paused: readonly string[]; coolingKeys: readonly string[] },
): void {
  for (const { key } of tries) expect(coolingKeys).not.toContain(key ?? "");
  const isPaused = (upstream: string) => paused.includes(upstream);
  const others = new Set(tries.map(({ upstream }) => upstream).filter((upstream) => !isPaused(upstream)));
  const usable = candidates.filter(
    ({ route, keys }) =>
      !isPaused(route.upstream) && !(keys.length > 1 && keys.every((key) => coolingKeys.includes(key))),
  );
  const askedPaused = new Set(tries.map(({ upstream }) => upstream).filter(isPaused));
  // Of those that are passed over at most one is asked, and only when no other one is left.
  expect(askedPaused.size).toBeLessThanOrEqual(1);
  if (askedPaused.size === 1) expect(others.size).toBe(usable.length);
}

function observe(
  candidates: readonly Candidate[],
  state: ReturnType<typeof createFailoverState>,
): { paused: string[]; coolingKeys: string[] } {
  const paused = candidates.filter(({ route }) => state.health.pausedUntilMs(`${route.upstream}/m`) !== null);
  const coolingKeys = candidates.flatMap(({ route, keys }) => {
    const free = state.keyPools.listFree(route.upstream, keys, "s").map(({ key }) => key);
    return keys.length > 1 ? keys.filter((key) => !free.includes(key)) : [];
  });
  return { paused: paused.map(({ route }) => route.upstream), coolingKeys };
}

async function play(clock: Clock, counts: readonly (number | null)[], all: readonly Round[]): Promise<void> {
  const state = createFailoverState(clock.nowMs);
  const candidates = counts.map(candidateOf);
  for (const round of all) {
    const before = observe(candidates, state);
    const carried = await carry(candidates, state, round);
    checkOne(candidates, carried);
    checkExclusions(candidates, carried, before);
    // Nothing is held behind a request: there is one place at each upstream.
    for (const { route } of candidates) {
      const release = state.running.enter(route.upstream, 1);
      expect(release).not.toBe(null);
      release?.();
    }
    clock.pass(round.passMs);
  }
}

test("whatever fails: four sends at most, none behind the first byte, none where it may not be, and all is told", async () => {
  await fc.assert(
    fc.asyncProperty(keyCounts, rounds, (counts, all) => play(createClock(), counts, all)),
    { numRuns: 500 },
  );
});
