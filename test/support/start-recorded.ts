import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Budgets } from "../../src/budget/budgets.ts";
import type { Config } from "../../src/config/config.ts";
import type { TargetHealth } from "../../src/dashboard/dashboard-api.ts";
import { createLogger } from "../../src/logging/logger.ts";
import { openRecordReader } from "../../src/record/open-record-reader.ts";
import { observeNothing } from "../../src/server/observing.ts";
import { composeApp, createParts } from "./compose-app.ts";
import { openRecordRows, type RecordRows } from "./record-rows.ts";
import { createTestConfig } from "./test-config.ts";

/** A server with a record that the test writes. */
export interface Recorded {
  url: string;
  /** Path of the record. */
  path: string;
  rows: RecordRows;
  /** What went to its console. */
  lines: string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** What else the server is told. */
export interface RecordedOptions {
  budgets?: Budgets;
  health?: readonly TargetHealth[];
}

/** Starts the server's routes on a free port of the loopback, in front of no upstream. */
export async function startRecorded(
  settings: Partial<Config> = {},
  { budgets, health = [] }: RecordedOptions = {},
): Promise<Recorded> {
  const folder = await mkdtemp(join(tmpdir(), "claude-proxy-recorded-"));
  const path = join(folder, "record.sqlite");
  const rows = openRecordRows(path);
  const reader = openRecordReader({ kind: "file", path });
  const config = createTestConfig({
    baseUrl: "http://127.0.0.1:9/v1?key=canary-query-0123456789",
    logFilePath: join(folder, "claude-proxy.log"),
    ...settings,
  });
  const lines: string[] = [];
  const logger = createLogger({
    level: "INFO",
    logFilePath: null,
    secrets: [],
    writeConsole: (line) => void lines.push(line),
  });
  const hosts = new Set<string>();
  const recorder = {
    state: { path, backlog: 0, lost: 0, fault: null, shared: null },
    add: () => {},
    addSecrets: () => {},
    reader: () => reader,
    close: async () => {},
  };
  const parts = {
    ...createParts({ config, logger }),
    hosts,
    observing: { ...observeNothing(), recorder, budgets: budgets ?? null },
    describeHealth: () => [...health],
  };
  const app = composeApp(parts);
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => app.fetch(request, { setIdleSeconds: () => {} }),
  });
  hosts.add(`127.0.0.1:${server.port}`);
  return {
    url: `http://127.0.0.1:${server.port}`,
    path,
    rows,
    lines,
    [Symbol.asyncDispose]: async () => {
      await server.stop(true);
      await reader.close();
      rows[Symbol.dispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
