import { Database } from "bun:sqlite";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeptBody } from "../../src/record/bodies/body-keeper.ts";
import { createRecorder } from "../../src/record/create-recorder.ts";
import type { RecordPlace } from "../../src/record/record-place.ts";
import type { RecordedRequest } from "../../src/record/recorded-request.ts";
import type { Recorder } from "../../src/record/recorder.ts";
import type { RecorderOptions } from "../../src/record/recorder-options.ts";
import { soonMs } from "../support/soon-ms.ts";

/** A request of which only what must be known is known. */
export function createRecorded(changes: Partial<RecordedRequest> = {}): RecordedRequest {
  return {
    requestId: `req_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`,
    timeMs: Date.now(),
    path: "/v1/messages",
    client: null,
    sessionId: null,
    agentId: null,
    parentAgentId: null,
    agentType: null,
    kind: null,
    clientModel: null,
    rule: null,
    upstream: null,
    model: null,
    family: null,
    protocol: null,
    stream: null,
    status: 200,
    stopReason: null,
    inputTokens: null,
    outputTokens: null,
    cacheReadTokens: null,
    cacheWriteTokens: null,
    thinkingTokens: null,
    usageEstimated: false,
    estimatedTokens: null,
    estimateErrorPercent: null,
    window: null,
    requestBytes: null,
    sentBytes: null,
    receivedBytes: 0,
    answerBytes: 0,
    firstByteMs: null,
    durationMs: 1,
    tokensPerSecond: null,
    costUsd: null,
    costSource: null,
    sends: 0,
    attempts: [],
    changes: { dropped: [], repairs: [], warnings: [] },
    errorType: null,
    errorMessage: null,
    phase: null,
    causeCode: null,
    upstreamRequestId: null,
    prefix: null,
    ...changes,
  };
}

/** A message of these pieces. */
export function createBody(
  name: KeptBody["name"],
  pieces: KeptBody["pieces"],
  changes: Partial<KeptBody> = {},
): KeptBody {
  const bytes = pieces.reduce((sum, piece) => sum + Buffer.from(piece).length, 0);
  return { name, send: 0, head: null, pieces, bytes, isCut: false, ...changes };
}

/** A recorder, and what it has warned of. */
export interface TestRecorder {
  folder: string;
  place: RecordPlace;
  /** Of the file, or of the folder in which requests wait for a shared database. */
  path: string;
  recorder: Recorder;
  warnings: string[];
  /** Waits until the file has all that was added. */
  written(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a recorder in a folder of its own, or on the file at `path`. */
export function startRecorder(options: Partial<RecorderOptions> & { path?: string } = {}): TestRecorder {
  const folder = mkdtempSync(join(tmpdir(), "claude-proxy-record-"));
  const { path = join(folder, "record.sqlite"), ...others } = options;
  const warnings: string[] = [];
  const recorder = createRecorder({
    place: { kind: "file", path },
    bodies: "all",
    keepDays: 14,
    maxMegabytes: 500,
    secrets: [],
    warn: (message, cause) => warnings.push(`${message} | ${String(cause)}`),
    openReader: () => {
      throw new Error("this test reads the file itself");
    },
    ...others,
  });
  return {
    folder,
    place: { kind: "file", path },
    path,
    recorder,
    warnings,
    written: () => until(() => recorder.state.backlog === 0),
    [Symbol.asyncDispose]: async () => {
      await recorder.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until it is so. Throws if it is not so soon. */
export async function until(isSo: () => boolean, longestMs = soonMs): Promise<void> {
  for (const endMs = performance.now() + longestMs; !isSo(); ) {
    if (performance.now() > endMs) throw new Error(`not so after ${longestMs} ms: ${isSo}`);
    await Bun.sleep(5);
  }
}

/** The rows that a query finds in a file, which is only read. */
export function readRows(path: string, query: string): Record<string, unknown>[] {
  const database = new Database(path, { readonly: true });
  try {
    // While a new file is made it is locked for a moment.
    database.run("pragma busy_timeout = 2000");
    return database.prepare<Record<string, unknown>, []>(query).all();
  } finally {
    database.close(true);
  }
}
