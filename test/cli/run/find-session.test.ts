import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEndedSession } from "../../../src/cli/run/find-session.ts";

const one = "9d8e2056-2c22-4d0f-99be-bd1dcdd2117f";
const other = "0a1b2c3d-2c22-4d0f-99be-bd1dcdd2117f";

test.each<[string, Record<string, number>, string | null]>([
  ["one was written", { [`${one}.jsonl`]: 2_000, [`${other}.jsonl`]: 500 }, one],
  ["none was written", { [`${other}.jsonl`]: 500 }, null],
  ["two were written, by whomever", { [`${one}.jsonl`]: 2_000, [`${other}.jsonl`]: 1_000 }, null],
  ["other files are no sessions", { "agent-1.jsonl": 2_000, [`${one}.json`]: 2_000 }, null],
])("the session that ended, where %s", (_, files, id) => {
  const configFolder = realpathSync(mkdtempSync(join(tmpdir(), "find-session-")));
  const workFolder = join(configFolder, "my.app_2");
  mkdirSync(workFolder);
  const place = { configFolder, workFolder, startedMs: 1_000_000 };
  try {
    expect(findEndedSession(place)).toBeNull();
    const folder = join(configFolder, "projects", `${configFolder.replace(/[^A-Za-z0-9]/g, "-")}-my-app-2`);
    mkdirSync(folder, { recursive: true });
    for (const [name, seconds] of Object.entries(files)) {
      writeFileSync(join(folder, name), "{}\n");
      utimesSync(join(folder, name), seconds, seconds);
    }
    expect(findEndedSession(place)).toBe(id);
  } finally {
    rmSync(configFolder, { recursive: true });
  }
});
