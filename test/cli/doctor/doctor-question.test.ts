import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBrokenUpstream } from "./broken-upstream.ts";
import { settingsFor } from "./run-doctor-in.ts";

const main = join(import.meta.dir, "../../../src/main.ts");

/** Runs `doctor` in a terminal of 80 columns and answers its question. */
async function answer(url: string, word: string): Promise<{ exitCode: number; shown: string }> {
  const home = mkdtempSync(join(tmpdir(), "doctor-question-"));
  const envFile = join(home, ".env");
  writeFileSync(envFile, settingsFor(url, "UPSTREAM_PROFILE=generic"), { mode: 0o600 });
  let shown = "";
  const child = Bun.spawn([process.execPath, "--no-env-file", main, "doctor", "--env-file", envFile], {
    env: { HOME: home, PATH: process.env["PATH"] ?? "", NO_COLOR: "1" },
    terminal: {
      cols: 80,
      rows: 40,
      data(terminal, bytes) {
        const before = shown;
        shown += new TextDecoder().decode(bytes);
        const question = "Send them? [y/N] ";
        if (!before.includes(question) && shown.includes(question)) terminal.write(`${word}\r`);
      },
    },
  });
  try {
    const exitCode = await child.exited;
    return { exitCode, shown };
  } finally {
    child.terminal?.close();
    rmSync(home, { recursive: true, force: true });
  }
}

test.skipIf(process.platform === "win32")(
  "in a terminal it asks before it spends, and a no sends nothing",
  async () => {
    await using upstream = startBrokenUpstream();
    const no = await answer(upstream.url, "n");
    expect([no.exitCode, upstream.requests]).toEqual([1, []]);
    expect(no.shown).toContain("its price");
    expect(no.shown).toContain("Nothing was sent.");
    const yes = await answer(upstream.url, "y");
    expect(yes.exitCode).toBe(0);
    expect(yes.shown).toContain("  pass         60 tools              the right one was called");
    expect(upstream.requests.length).toBeGreaterThan(10);
  },
);
