import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "../../src/postgres/migrate.ts";
import { openPostgres } from "../../src/postgres/open-postgres.ts";
import { type RecordPlace, selectRecordPlace } from "../../src/record/record-place.ts";
import type { RecordedBody, RecordedRequest } from "../../src/record/recorded-request.ts";
import { sharePostgres, whyNoPostgres } from "../support/postgres.ts";
import { addSharedRows, openRecordRows, recordedRequest } from "../support/record-rows.ts";

export type WrittenRequest = Partial<RecordedRequest> & { bodies?: readonly RecordedBody[] };

/** A record of one engine, which does not exist before something is written. */
export interface TestRecord {
  readonly place: RecordPlace;
  write(...requests: readonly WrittenRequest[]): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Engine {
  readonly name: string;
  /** @param name of the database: one for each test file, as files share a server */
  create(name: string): Promise<TestRecord>;
}

const file: Engine = {
  name: "a file",
  async create() {
    const folder = mkdtempSync(join(tmpdir(), "record-engine-"));
    const path = join(folder, "record.sqlite");
    return {
      place: { kind: "file", path },
      async write(...requests) {
        using rows = openRecordRows(path);
        for (const { bodies, ...members } of requests) rows.add(recordedRequest(members), bodies);
      },
      async [Symbol.asyncDispose]() {
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

const shared: Engine = {
  name: "a shared database",
  async create(name) {
    const server = await sharePostgres();
    const url = await server.createDatabase(name);
    const postgres = openPostgres({ url, name: "test", connections: 1, timeoutMs: 20_000 });
    return {
      place: selectRecordPlace(url, ""),
      async write(...requests) {
        await migrate(postgres);
        await addSharedRows(
          postgres,
          requests.map(({ bodies = [], ...members }) => [recordedRequest(members), bodies]),
        );
      },
      async [Symbol.asyncDispose]() {
        await postgres.close();
      },
    };
  },
};

/** What the tests of both are run with: without PostgreSQL, with a file alone. */
export const engines: readonly Engine[] = whyNoPostgres === null ? [file, shared] : [file];
