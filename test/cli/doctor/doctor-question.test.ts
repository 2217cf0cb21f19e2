import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBrokenUpstream } from "./broken-upstream.ts";
import { settingsFor } from "./run-doctor-in.ts";

const main = join(import.meta.dir, "../../../src/main.ts");

interface Answered {
  readonly exitCode: number;
  readonly signal: string | number | null;
  readonly shown: string;
  /** What is left in the folder for temporary files. */
  readonly left: readonly string[];
}

const question = "Send them? [y/N] ";

/** Runs `doctor` in a terminal of 80 columns and presses keys when something is shown for the first time. */
async function answer(url: string, keys: Readonly<Record<string, string>>): Promise<Answered> {
  const home = mkdtempSync(join(tmpdir(), "doctor-question-"));
  const envFile = join(home, ".env");
  const temporary = join(home, "temporary");
  mkdirSync(temporary);
  writeFileSync(envFile, settingsFor(url, "UPSTREAM_PROFILE=generic"), { mode: 0o600 });
  let shown = "";
  const child = Bun.spawn([process.execPath, "--no-env-file", main, "doctor", "--env-file", envFile], {
    env: { HOME: home, PATH: process.env["PATH"] ?? "", NO_COLOR: "1", TMPDIR: temporary },
    terminal: {
      cols: 80,
      rows: 40,
      data(terminal, bytes) {
        const before = shown;
        shown += new TextDecoder().decode(bytes);
        for (const [text, key] of Object.entries(keys))
          if (!before.includes(text) && shown.includes(text)) terminal.write(key);
      },
    },
  });
  try {
    const exitCode = await child.exited;
    const left = readdirSync(temporary).filter((name) => name.startsWith("claude-proxy"));
    return { exitCode, signal: child.signalCode, shown, left };
  } finally {
    child.terminal?.close();
    rmSync(home, { recursive: true, force: true });
  }
}

test.skipIf(process.platform === "win32")(
  "in a terminal it asks before it spends, and a no sends nothing",
  async () => {
    await using upstream = startBrokenUpstream();
    const no = await answer(upstream.url, { [question]: "n\r" });
    expect([no.exitCode, upstream.requests]).toEqual([1, []]);
    expect(no.shown).toContain("its price");
    expect(no.shown).toContain("Nothing was sent.");
    const yes = await answer(upstream.url, { [question]: "y\r" });
    expect([yes.exitCode, yes.left]).toEqual([0, []]);
    expect(yes.shown).toContain("  pass         60 tools              the right one was called");
    expect(upstream.requests.length).toBeGreaterThan(10);
  },
);

test.skipIf(process.platform === "win32")("the end of the input is a no", async () => {
  await using upstream = startBrokenUpstream();
  const ended = await answer(upstream.url, { [question]: "\x04" });
  expect([ended.exitCode, upstream.requests]).toEqual([1, []]);
  expect(ended.shown).toEndWith(`${question}\r\nNothing was sent.\r\n`);
});

test.skipIf(process.platform === "win32")("Ctrl-C ends it and leaves nothing, at the question", async () => {
  await using upstream = startBrokenUpstream();
  const asked = await answer(upstream.url, { [question]: "\x03" });
  expect([asked.signal, asked.left, upstream.requests]).toEqual(["SIGINT", [], []]);
  expect(asked.shown).not.toContain("error");
});

test.skipIf(process.platform === "win32")(
  "Ctrl-C ends it and leaves nothing, between two checks",
  async () => {
    await using upstream = startBrokenUpstream();
    const sent = await answer(upstream.url, { [question]: "y\r", "usage chunk": "\x03" });
    expect([sent.signal, sent.left]).toEqual(["SIGINT", []]);
    expect(sent.shown).not.toContain("requests took");
  },
);
