import { expect, test } from "bun:test";
import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lookIntervalMs } from "../../src/logging/log-file.ts";
import { chunksOf, completionOf } from "../support/chunks.ts";
import { json, sse } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import type { Upstream } from "../support/upstream.ts";
import { whole } from "./outcomes.ts";
import { playProgram, programTest } from "./program-test.ts";

/** A disk of 64 KB; null where this user may mount none. */
function mountSmallDisk() {
  const folder = mkdtempSync(join(tmpdir(), "claude-proxy-disk-"));
  const words = ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder];
  const isMounted = Bun.which("mount") !== null && Bun.spawnSync(["mount", ...words]).exitCode === 0;
  const unmount = () => {
    if (isMounted) Bun.spawnSync(["umount", folder]);
    rmSync(folder, { recursive: true });
  };
  if (isMounted) return { folder, [Symbol.dispose]: unmount };
  unmount();
  return null;
}

function canMount(): boolean {
  using disk = mountSmallDisk();
  return disk !== null;
}

/** Writes until nothing more goes on the disk. */
function fill(path: string): void {
  const file = openSync(path, "w");
  try {
    for (;;) writeSync(file, Buffer.alloc(1024, "x"));
  } catch (error) {
    expect(error).toMatchObject({ code: "ENOSPC" });
  } finally {
    closeSync(file);
  }
}

function answerBoth(upstream: Upstream): void {
  upstream.respondWith(({ body }) =>
    JSON.stringify(body).includes('"stream":true')
      ? sse(chunksOf({ text: "on" }))
      : json(completionOf({ text: "on" })),
  );
}

test.skipIf(!canMount())(
  "[row 74] a disk that is full stops no request, is told of once, and is written to when there is room again",
  async () => {
    using disk = mountSmallDisk();
    const folder = disk?.folder ?? "";
    const filler = join(folder, "filler");
    await playProgram(
      async ({ program, upstream, ask, requestRecords }) => {
        answerBoth(upstream);
        const askTimes = async (times: number) => {
          for (let asked = 0; asked < times; asked += 1) {
            const { outcome } = await ask({ ...hello, stream: asked % 2 === 0 });
            expect(outcome).toEqual(whole("on"));
          }
        };
        await askTimes(2);
        await requestRecords(2);
        fill(filler);
        await askTimes(40);
        await Bun.sleep(100);
        // What was left of the last block took some.
        const before = (await requestRecords(0)).length;
        expect(before).toBeLessThan(30);
        rmSync(filler);
        await askTimes(2);
        await requestRecords(before + 2);
        const said = program
          .output()
          .split("\n")
          .filter((line) => line.includes("cannot be written"));
        expect(said).toEqual([
          expect.stringMatching(/ENOSPC.*Records lost so far: 1\. Requests are still served\./),
        ]);
        expect(readFileSync(program.logFile, "utf8")).toEndWith("}\n");
        const events = program.records().map(({ event }) => event);
        expect(events.slice(-2)).toEqual(["request", "request"]);
      },
      { settings: { LOG_LEVEL: "INFO", LOG_FILE_PATH: join(folder, "proxy.log") }, losesRecords: true },
    );
  },
  30_000,
);

programTest(
  "[row 75] a log that is moved or emptied under a running server is opened again",
  async (stage) => {
    const { program, upstream, ask, requestRecords, sent } = stage;
    answerBoth(upstream);
    const kept: string[] = [];
    const askOnce = async () => {
      await Bun.sleep(lookIntervalMs);
      await ask();
      await requestRecords(1);
    };
    await askOnce();
    renameSync(program.logFile, `${program.logFile}.old`);
    kept.push(readFileSync(`${program.logFile}.old`, "utf8"));
    await askOnce();
    kept.push(readFileSync(program.logFile, "utf8"));
    writeFileSync(program.logFile, "");
    await askOnce();
    kept.push(readFileSync(program.logFile, "utf8"));
    rmSync(program.logFile);
    await askOnce();
    // What was taken away comes back, so that every record is looked at.
    appendFileSync(program.logFile, kept.join(""));
    expect((await requestRecords(sent())).length).toBe(4);
  },
);
