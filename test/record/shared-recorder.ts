import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPostgres } from "../../src/postgres/open-postgres.ts";
import { createRecorder } from "../../src/record/create-recorder.ts";
import { selectRecordPlace } from "../../src/record/record-place.ts";
import type { RecorderOptions } from "../../src/record/recorder-options.ts";
import { sharePostgres, whyNoPostgres } from "../support/postgres.ts";
import { readRows, startRecorder, type TestRecorder, until } from "./recorded.ts";

export interface SharedRecorderOptions extends Partial<RecorderOptions> {
  url: string;
  /** Default: one of its own, which is removed at the end. */
  spoolFolder?: string;
  instance?: string;
}

const quick = { retryMs: 20, restartMs: 20, firstPruneMs: 600_000, closeMs: 2_000 };

/** Starts a recorder of a shared record. */
export function startSharedRecorder(options: SharedRecorderOptions): TestRecorder {
  const { url, instance = "ins_test", times, ...others } = options;
  const folder = mkdtempSync(join(tmpdir(), "claude-proxy-record-"));
  const { spoolFolder = join(folder, "spool"), ...rest } = others;
  const place = selectRecordPlace(url, "");
  if (place.kind === "file") throw new Error(`${url} is no shared record`);
  const warnings: string[] = [];
  const recorder = createRecorder({
    place: { ...place, spoolFolder, instance },
    bodies: "all",
    keepDays: 14,
    maxMegabytes: 500,
    secrets: [],
    warn: (message, cause) => warnings.push(`${message} | ${String(cause)}`),
    openReader: () => {
      throw new Error("this test reads the database itself");
    },
    ...rest,
    times: { ...quick, ...times },
  });
  return {
    folder,
    place,
    path: spoolFolder,
    recorder,
    warnings,
    written: () => until(() => recorder.state.backlog === 0 && recorder.state.shared?.spooled === 0),
    async [Symbol.asyncDispose]() {
      await recorder.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a recorder of either engine has written is read with the same question. */
export interface WrittenRecorder extends TestRecorder {
  rows(query: string): Promise<Row[]>;
}

export interface WriterEngine {
  readonly name: string;
  start(options?: Partial<RecorderOptions>): Promise<WrittenRecorder>;
}

type Row = Record<string, unknown>;

let databases = 0;

const file: WriterEngine = {
  name: "a file",
  async start(options) {
    const record = startRecorder(options);
    return { ...record, rows: async (query) => readRows(record.path, query) };
  },
};

const shared: WriterEngine = {
  name: "a shared database",
  async start(options) {
    databases += 1;
    const url = await (await sharePostgres()).createDatabase(`written_${databases}`);
    const record = startSharedRecorder({ ...options, url });
    return { ...record, rows: (query) => readSharedRows(url, query) };
  },
};

/** What the tests of both are run with: without PostgreSQL, with a file alone. */
export const writerEngines: readonly WriterEngine[] = whyNoPostgres === null ? [file, shared] : [file];

/**
 * The rows of a question to a shared record. Its tables are named as those of a file, and what only a shared record has
 * is left out.
 */
export async function readSharedRows(url: string, query: string): Promise<Row[]> {
  const postgres = openPostgres({ url, name: "test", connections: 1, timeoutMs: 10_000 });
  try {
    const rows = await postgres.query(query.replace(/\b(from|join) (requests|bodies)\b/g, "$1 proxy_$2"));
    return rows.map(({ txid, instance, ...row }) => row);
  } finally {
    await postgres.close();
  }
}
