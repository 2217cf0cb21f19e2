import { expect } from "bun:test";
import { encodings } from "../secrets/encodings.ts";
import { soonMs } from "../support/soon-ms.ts";
import { isObject } from "../support/strict/json.ts";
import { canaries, neighbourText, type Scene } from "./scene.ts";

/** How often one request of a client may be sent upstream because of one fault. */
const mostTries = 2;

/** What a record of a request says, in this process or as a line of a log file. */
export interface NotedRequest {
  requestId?: unknown;
  status?: unknown;
  method?: unknown;
  durationMs?: unknown;
  errorType?: unknown;
}

export interface CheckedScene extends Scene {
  /** The records of requests, once there are as many as were sent; without the neighbour's. */
  readRecords(): Promise<readonly NotedRequest[]>;
  /** Everything that was written down: console, log file. */
  readWritten(): Promise<string>;
}

export interface InvariantOptions {
  /** The proxy has ended: nothing runs any more. */
  hasEnded?: boolean;
  /** Its log could not be written: how many records it may lack is the test's to say. */
  losesRecords?: boolean;
  /** Faults of several kinds come together: each may cost a send, up to the budget of a request. */
  mostSends?: number | undefined;
}

/**
 * Checks the invariants behind every row. That the process stays up and that no rejection goes unseen (1) is what the
 * test runner itself fails for; for a program of its own `programTest` looks.
 */
export async function checkInvariants(scene: CheckedScene, options: InvariantOptions = {}): Promise<void> {
  if (options.losesRecords !== true) {
    checkRecords(scene, await within(scene.readRecords(), "the last record"));
  }
  for (const answer of scene.answers) {
    // 5: the events of a stream form the grammar.
    expect(answer.faults).toEqual([]);
    // 8: a failure is JSON, a stream is a stream.
    expect(answer.contentType).toMatch(/^(application\/json|text\/event-stream; charset=utf-8)/);
    if (answer.status >= 400) expect(answer.contentType).toStartWith("application/json");
    // 4: nothing that failed ends as if it were whole.
    if (answer.outcome.message !== null) expect(answer.raw).not.toContain("event: message_stop");
  }
  // 7: others have noticed nothing.
  const neighbour = await within(scene.endNeighbour(), "the neighbour");
  if (neighbour !== null) {
    expect(neighbour.outcome).toEqual({
      status: 200,
      text: neighbourText,
      tools: [],
      end: "end_turn",
      message: null,
    });
  }
  if (options.hasEnded !== true) await checkRest(scene);
  await checkSecrets(scene);
  checkUpstreamRequests(scene, options.mostSends ?? mostTries);
}

/** 3: every request has exactly one record. */
function checkRecords({ answers, sent }: Scene, records: readonly NotedRequest[]): void {
  expect(records.length).toBe(sent());
  expect(new Set(records.map(({ requestId }) => requestId)).size).toBe(records.length);
  for (const { status, durationMs } of records)
    expect([typeof status, typeof durationMs]).toEqual(["number", "number"]);
  for (const { requestId, status, outcome } of answers) {
    const record = records.find((candidate) => candidate.requestId === requestId);
    expect(record).toMatchObject({ status, durationMs: expect.any(Number), method: "POST" });
    expect(record?.errorType ?? null).toBe(outcome.message === null ? null : outcome.end);
  }
}

/** 6: no request runs any more, and every connection to the upstream is free or gone. */
async function checkRest({ url, upstream }: Scene): Promise<void> {
  const startedAtMs = performance.now();
  let running: unknown;
  do {
    const status: unknown = await (await fetch(url, { keepalive: false })).json();
    running = isObject(status) ? status["running_requests"] : undefined;
  } while (running !== 0 && performance.now() - startedAtMs < soonMs);
  expect(running).toBe(0);
  const ends = upstream.requests.map(({ closedByPeer }) => within(closedByPeer, "an upstream's connection"));
  await Promise.all(ends);
}

/** 2: no key but where it belongs. */
async function checkSecrets({ upstream, answers, readWritten }: CheckedScene): Promise<void> {
  const written = await readWritten();
  const sentUp = upstream.requests.map(({ headers, rawBody, path }) => {
    const { authorization, ...others } = headers;
    expect(authorization).toBe(`Bearer ${canaries.upstreamKey}`);
    return JSON.stringify([path, others]) + rawBody.toString("utf8");
  });
  const told = answers.map(({ raw, headers }) => raw + JSON.stringify([...headers]));
  const everything = [written, ...sentUp, ...told].join("\n");
  for (const key of Object.values(canaries)) {
    // All but three of its first characters, and its end alone.
    for (const part of [key.slice(3), key.slice(-12)]) {
      const found = encodings.filter(([, encode]) => everything.includes(encode(part)));
      expect(found.map(([name]) => name)).toEqual([]);
    }
  }
}

/**
 * 9: at most one more try for one fault, as the upstream counts them. What came while a request was under way is its own; where
 * several were, it is theirs together.
 */
function checkUpstreamRequests({ upstream, spans, sent, hasNeighbour }: Scene, mostSends: number): void {
  const arrivals = upstream.requests.slice(hasNeighbour ? 1 : 0).map(({ receivedAt }) => receivedAt);
  expect(arrivals.length).toBeLessThanOrEqual(mostSends * sent());
  for (const { fromMs, toMs } of spans) {
    const meanwhile = spans.filter((other) => other.fromMs <= toMs && other.toMs >= fromMs);
    const came = arrivals.filter((atMs) => atMs >= fromMs && atMs <= toMs);
    expect(came.length).toBeLessThanOrEqual(mostSends * meanwhile.length);
  }
}

/** The value, or an error that names what did not come in time. */
async function within<Value>(promise: Promise<Value>, what: string): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what} took more than ${soonMs} ms`)), soonMs);
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
