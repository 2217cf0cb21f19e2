import { expect, test } from "bun:test";
import type { Reply } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { isObject } from "../support/strict/json.ts";
import type { Outcome } from "./answer.ts";
import { canaries, neighbourText, openStage, type Stage, type StageOptions } from "./stage.ts";

/** How long after a fault everything has to be as before it. */
const settlesWithinMs = 2_000;

export interface FaultTestOptions extends StageOptions {
  timeLimitMs?: number;
  /** The test mostly waits: it runs beside the others of its kind. */
  waits?: boolean;
}

/**
 * Registers a test of one row of the fault matrix: `play` brings the fault about and checks what the client is told;
 * afterwards the eight invariants of every row are checked. That the process stays up and that no rejection goes
 * unseen (invariant 1) is what the test runner itself fails for.
 */
export function faultTest(
  name: string,
  play: (stage: Stage) => Promise<void>,
  options: FaultTestOptions = {},
): void {
  const { timeLimitMs = 20_000, waits = false, ...stageOptions } = options;
  const register = waits ? test.concurrent : test;
  register(
    name,
    async () => {
      const stage = await openStage(stageOptions);
      try {
        await play(stage);
        await checkInvariants(stage);
      } finally {
        await stage.close();
      }
    },
    timeLimitMs,
  );
}

/** A fault, and what the client is told of it when it asked for a stream, and when it asked for a whole answer. */
export type FaultCase = [name: string, reply: Reply, streamed: Outcome, whole: Outcome];

/** One test for each case. */
export function faultTests(cases: readonly FaultCase[]): void {
  for (const [name, reply, streamed, whole] of cases) {
    faultTest(name, async (stage) => {
      stage.upstream.respondWith(() => reply);
      expect((await stage.ask({ ...hello, stream: true })).outcome).toEqual(streamed);
      expect((await stage.ask(hello)).outcome).toEqual(whole);
    });
  }
}

async function checkInvariants(stage: Stage): Promise<void> {
  if (stage.sent() > 0) await within(stage.record(stage.sent() - 1), "the last record");
  checkRecords(stage);
  for (const answer of stage.answers) {
    // 5: the events of a stream form the grammar.
    expect(answer.faults).toEqual([]);
    // 8: a failure is JSON, a stream is a stream.
    expect(answer.contentType).toMatch(/^(application\/json|text\/event-stream; charset=utf-8)/);
    if (answer.status >= 400) expect(answer.contentType).toStartWith("application/json");
    // 4: nothing that failed ends as if it were whole.
    if (answer.outcome.message !== null) expect(answer.raw).not.toContain("event: message_stop");
  }
  // 7: others have noticed nothing.
  const neighbour = await within(stage.endNeighbour(), "the neighbour");
  expect(neighbour.outcome).toEqual({
    status: 200,
    text: neighbourText,
    tools: [],
    end: "end_turn",
    message: null,
  });
  await checkRest(stage);
  await checkSecrets(stage);
}

/** 3: every request has exactly one record. */
function checkRecords({ records, answers, sent }: Stage): void {
  expect(records.length).toBe(sent());
  for (const { requestId, status, outcome } of answers) {
    const record = records.find((candidate) => candidate.requestId === requestId);
    expect(record).toMatchObject({ status, durationMs: expect.any(Number), method: "POST" });
    expect(record?.errorType ?? null).toBe(outcome.message === null ? null : outcome.end);
  }
}

/** 6: no request runs any more, and every connection to the upstream is free or gone. */
async function checkRest({ proxy, upstream }: Stage): Promise<void> {
  const startedAtMs = performance.now();
  let running: unknown;
  do {
    const status: unknown = await (await fetch(proxy.url, { keepalive: false })).json();
    running = isObject(status) ? status["running_requests"] : undefined;
  } while (running !== 0 && performance.now() - startedAtMs < settlesWithinMs);
  expect(running).toBe(0);
  const ends = upstream.requests.map(({ closedByPeer }) => within(closedByPeer, "an upstream's connection"));
  await Promise.all(ends);
}

/** 2: no key but where it belongs. */
async function checkSecrets({ upstream, answers, readWritten }: Stage): Promise<void> {
  const written = await readWritten();
  const sentUp = upstream.requests.map(({ headers, rawBody, path }) => {
    const { authorization, ...others } = headers;
    expect(authorization).toBe(`Bearer ${canaries.upstreamKey}`);
    return JSON.stringify([path, others]) + rawBody.toString("utf8");
  });
  const told = answers.map(({ raw, headers }) => raw + JSON.stringify([...headers]));
  const everything = [written, ...sentUp, ...told].join("\n");
  for (const key of Object.values(canaries)) {
    for (const form of [key, encodeURIComponent(key), btoa(key), key.slice(-12)]) {
      expect(everything.includes(form)).toBe(false);
    }
  }
}

/** The value, or an error that names what did not come in time. */
async function within<Value>(promise: Promise<Value>, what: string): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`${what} took more than ${settlesWithinMs} ms`)),
    settlesWithinMs,
  );
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
