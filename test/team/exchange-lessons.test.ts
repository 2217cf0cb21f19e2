import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noLessons, readLearnedFile, updateLearnedFile } from "../../src/learned/learned-file.ts";
import type { Lesson, Lessons } from "../../src/learned/lesson.ts";
import { migrate } from "../../src/postgres/migrate.ts";
import { openPostgres } from "../../src/postgres/open-postgres.ts";
import type { QueryRows } from "../../src/postgres/postgres.ts";
import { exchangeLessons } from "../../src/team/exchange-lessons.ts";
import { readRevisions } from "../../src/team/revisions.ts";
import { nameWithPostgres, sharePostgres, whyNoPostgres } from "../support/postgres.ts";

const nowMs = Date.now();
const options = { nowMs, warn: (message: string) => expect(message).toBe("nothing is wrong") };
const knowing = (...lessons: readonly Lesson[]): Lessons => ({ ...noLessons, lessons });
const cleared = (agoMs: number): Lessons => ({
  ...noLessons,
  clearings: [{ upstream: null, model: null, atMs: nowMs - agoMs }],
});
const learned = (agoMs: number, value: number, isForgotten = false): Lesson => ({
  upstream: "host/v1",
  kind: "window",
  model: "m",
  key: "",
  value,
  atMs: nowMs - agoMs,
  from: "",
  isForgotten,
});

/** A database, and instances with a file each. */
async function createInstances(database: string) {
  const url = await (await sharePostgres()).createDatabase(database);
  const postgres = openPostgres({ url, name: "test", connections: 2, timeoutMs: 10_000 });
  await migrate(postgres);
  const folder = mkdtempSync(join(tmpdir(), "exchange-lessons-"));
  const createInstance = (name: string) => {
    const path = join(folder, name, "learned.json");
    return {
      learn: (lessons: Lessons) => updateLearnedFile(path, lessons, options),
      exchange: (query: QueryRows = postgres.query) => exchangeLessons(query, path, options),
      read: async () => (await readLearnedFile(path, options)).lessons,
    };
  };
  return {
    one: createInstance("one"),
    other: createInstance("other"),
    query: postgres.query,
    /** The database, in which something happens just after the first answer. */
    before(happens: () => Promise<void>): QueryRows {
      let isFirst = true;
      return async (...asked) => {
        const rows = await postgres.query(...asked);
        if (isFirst) {
          isFirst = false;
          await happens();
        }
        return rows;
      };
    },
    revision: async () => (await readRevisions(postgres.query)).get("lessons"),
    async [Symbol.asyncDispose]() {
      await postgres.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const testShared = (name: string, work: () => Promise<void>) =>
  test.skipIf(whyNoPostgres !== null)(nameWithPostgres(name), work);

testShared("what another one has written meanwhile is not outdone by what is older", async () => {
  await using team = await createInstances("lessons_older");
  await team.one.learn(knowing(learned(5_000, 1)));
  await team.other.learn(knowing(learned(1_000, 2)));
  await team.one.exchange(team.before(() => team.other.exchange()));
  await team.one.exchange();
  expect(await team.one.read()).toEqual([learned(1_000, 2)]);
});

testShared("what is learned again while one clears it stays", async () => {
  await using team = await createInstances("lessons_cleared");
  await team.other.learn(knowing(learned(5_000, 1)));
  await team.other.exchange();
  await team.one.learn(cleared(3_000));
  await team.other.learn(knowing(learned(1_000, 2)));
  await team.one.exchange(team.before(() => team.other.exchange()));
  await team.one.exchange();
  expect(await team.one.read()).toEqual([learned(1_000, 2)]);
});

testShared(
  "of two of the same time the one that forgets counts, and nothing new changes nothing",
  async () => {
    await using team = await createInstances("lessons_forgotten");
    await team.one.learn(knowing(learned(2_000, 1)));
    await team.one.exchange();
    const before = await team.revision();
    await team.one.exchange();
    await team.other.exchange();
    expect([await team.revision(), await team.other.read()]).toEqual([before, [learned(2_000, 1)]]);
    await team.other.learn(knowing(learned(2_000, 1, true)));
    await team.other.exchange();
    await team.one.exchange();
    expect(await team.one.read()).toEqual([learned(2_000, 1, true)]);
    expect(await team.revision()).toBe((before ?? 0) + 1);
  },
);

testShared("rows of another version are neither read nor taken out", async () => {
  await using team = await createInstances("lessons_strange");
  await team.query(
    "insert into proxy_lessons (id, at_ms, is_clearing, entry) values ('a', 1, false, '{'), ('b', 1, true, '{}'), ('c', 1, false, '[]')",
  );
  await team.one.learn(knowing(learned(2_000, 1)));
  await team.one.exchange();
  await team.one.learn(cleared(1_000));
  await team.one.exchange();
  expect(
    await team.query("select id, is_clearing from proxy_lessons where length(id) = 1 order by id"),
  ).toEqual([
    { id: "a", is_clearing: false },
    { id: "b", is_clearing: true },
    { id: "c", is_clearing: false },
  ]);
  expect(await team.query("select is_clearing from proxy_lessons where length(id) > 1")).toEqual([
    { is_clearing: true },
  ]);
});
