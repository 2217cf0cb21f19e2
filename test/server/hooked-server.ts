import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger } from "../../src/logging/logger.ts";
import type { RequestRecord } from "../../src/logging/request-record.ts";
import { type AppParts, composeApp, createParts } from "../support/compose-app.ts";
import { createTestConfig } from "../support/test-config.ts";

/** The app behind a real socket, with parts of it replaced: for what cannot be brought about from outside. */
export interface HookedServer {
  url: string;
  port: number;
  deps: AppParts;
  records: RequestRecord[];
  /** After how many seconds of silence connections were to be closed, in the order in which that was set. */
  idleSeconds: number[];
  /** Messages of failures that nobody foresaw. */
  unforeseen: string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts the app on a free port; `replace` is given its parts, and gives those that are to be others. */
export function startHookedServer(replace: (parts: AppParts) => Partial<AppParts>): HookedServer {
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
  const parts = createParts({
    config,
    logger,
    calibrationFilePath: join(folder, "token-calibration.json"),
  });
  const deps = { ...parts, ...replace(parts) };
  const app = composeApp(deps);
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
