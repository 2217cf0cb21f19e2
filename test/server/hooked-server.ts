import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createQuirkMemory } from "../../src/learned/quirk-memory.ts";
import type { Logger } from "../../src/logging/logger.ts";
import type { RequestRecord } from "../../src/logging/request-record.ts";
import { createRouteSelector } from "../../src/routing/select-route.ts";
import { createAdmission } from "../../src/server/admission.ts";
import { type AppDependencies, createApp } from "../../src/server/app.ts";
import { defaultStreamPace } from "../../src/server/event-stream-response.ts";
import { randomId } from "../../src/server/random-id.ts";
import { defaultUploadLimits } from "../../src/server/upload-limits.ts";
import { createTokenCounter } from "../../src/tokens/create-token-counter.ts";
import { runNow } from "../../src/turns/turns.ts";
import type { DecodedItem } from "../../src/upstream/decode-sse.ts";
import type { UpstreamAnswer } from "../../src/upstream/upstream-client.ts";
import { createTestConfig } from "../support/test-config.ts";

/** The app behind a real socket, with parts of it replaced: for what cannot be brought about from outside. */
export interface HookedServer {
  url: string;
  port: number;
  deps: AppDependencies;
  records: RequestRecord[];
  /** After how many seconds of silence connections were to be closed, in the order in which that was set. */
  idleSeconds: number[];
  /** Messages of failures that nobody foresaw. */
  unforeseen: string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts the app on a free port; `replace` is given its parts, and gives those that are to be others. */
export function startHookedServer(
  replace: (parts: AppDependencies) => Partial<AppDependencies>,
): HookedServer {
  const folder = mkdtempSync(join(tmpdir(), "hooked-server-"));
  const config = createTestConfig({
    baseUrl: "http://127.0.0.1:9/v1",
    logFilePath: join(folder, "proxy.log"),
  });
  const records: RequestRecord[] = [];
  const unforeseen: string[] = [];
  const idleSeconds: number[] = [];
  const logger: Logger = {
    isDebug: false,
    info: () => {},
    warn: () => {},
    error: (_, fields) => void unforeseen.push(String(fields?.["message"])),
    debugBody: () => {},
    request: (record) => void records.push(record),
    close: () => {},
  };
  const parts: AppDependencies = {
    config,
    logger,
    history: { requests: 0, failures: 0, lastFailure: null },
    version: "0.0.0-test",
    tokens: createTokenCounter({
      calibrationFilePath: join(folder, "token-calibration.json"),
      upstreamHost: "127.0.0.1:9",
      warn: () => {},
    }),
    upstream: { send: async () => streamOf([]) },
    selectRoute: createRouteSelector(config),
    quirks: createQuirkMemory({ nowMs: () => performance.now() }),
    pace: defaultStreamPace,
    uploads: defaultUploadLimits,
    lingerMs: 1000,
    hosts: new Set(),
    admission: createAdmission(10),
    running: new Set(),
    takeTurn: runNow,
    now: () => new Date(),
    newId: randomId,
  };
  const deps = { ...parts, ...replace(parts) };
  const app = createApp(deps);
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    development: false,
    fetch: (request, bunServer) =>
      app.fetch(request, {
        setIdleSeconds: (of: Request, seconds: number) => {
          idleSeconds.push(seconds);
          bunServer.timeout(of, seconds);
        },
      }),
  });
  const port = server.port ?? 0;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    deps,
    records,
    idleSeconds,
    unforeseen,
    [Symbol.asyncDispose]: async () => {
      await server.stop(true);
      await parts.tokens.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A streamed answer of these chunks; a function is called instead, and may wait or throw. */
export function streamOf(
  items: readonly (object | (() => unknown))[],
  cancel: () => void = () => {},
): UpstreamAnswer {
  const waiting = [...items];
  const read = async (): Promise<readonly DecodedItem[] | null> => {
    const item = waiting.shift();
    if (typeof item === "function") await item();
    if (item === undefined) return null;
    return typeof item === "function" ? read() : [{ kind: "chunk", chunk: item }];
  };
  return {
    kind: "events",
    source: { read, cancel },
    info: { status: 200, upstreamRequestId: null, attempts: 1 },
  };
}
