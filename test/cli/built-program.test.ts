import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import packageJson from "../../package.json" with { type: "json" };

const root = join(import.meta.dir, "../..");
const settings = {
  BIG_MODEL_NAME: "big/one",
  SMALL_MODEL_NAME: "small/one",
  BASE_URL: "http://127.0.0.1:9/v1",
};

const tokenCount = z.strictObject({ input_tokens: z.int() });

let folder: string;
let program: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "built-"));
  program = join(folder, "claude-proxy");
  const build = Bun.spawnSync([process.execPath, "--no-env-file", "scripts/build.ts", "--outfile", program], {
    cwd: root,
    stderr: "inherit",
  });
  expect(build.exitCode).toBe(0);
}, 60_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function readUntil(stream: ReadableStream<Uint8Array>, mark: RegExp): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const bytes of stream) {
    text += decoder.decode(bytes, { stream: true });
    if (mark.test(text)) {
      break;
    }
  }
  return text;
}

test("knows its version", () => {
  const { stdout } = Bun.spawnSync([program, "--version"], { cwd: folder });
  expect(stdout.toString()).toMatch(
    new RegExp(
      `^${packageJson.version} \\([0-9a-f]{10}(-changed)?, Bun ${Bun.version.replaceAll(".", "\\.")}\\)\n$`,
    ),
  );
});

test("[row 84] takes nothing from the folder it is started in, and counts tokens", async () => {
  const hostile = join(folder, "repository");
  const evil = `require("node:fs").writeFileSync(${JSON.stringify(join(hostile, "evil-ran"))}, "");`;
  mkdirSync(hostile);
  writeFileSync(
    join(hostile, ".env"),
    "APP_NAME=evil\nBIG_MODEL_NAME=evil\nMEDIUM_MODEL_NAME=evil\nLOG_LEVEL=DEBUG\n",
  );
  writeFileSync(join(hostile, "bunfig.toml"), 'preload = ["./evil.js"]\n[run]\npreload = ["./evil.js"]\n');
  writeFileSync(join(hostile, "evil.js"), evil);
  for (const name of ["tokenizer-worker", "write-worker", "read-worker"]) {
    for (const ending of [".js", ".ts"]) writeFileSync(join(hostile, name + ending), evil);
  }
  writeFileSync(join(hostile, "package.json"), '{"imports":{"#filesink":"./evil.js"}}');
  writeFileSync(join(hostile, "tsconfig.json"), '{"compilerOptions":{"paths":{"*":["./evil.js"]}}}');

  const running = Bun.spawn([program, "serve", "--port", "0"], {
    cwd: hostile,
    env: { HOME: folder, ...settings },
    stdin: "ignore",
    stderr: "inherit",
  });
  try {
    const summary = await readUntil(running.stdout, /claude-proxy env[^\n]*\n\n$/);
    expect(summary).not.toContain("evil");
    expect(summary).toMatch(/^ {2}log level {6}INFO +default$/m);
    const url = /listens at (\S+)/.exec(summary)?.[1] ?? summary;
    const answer = await fetch(`${url}/v1/messages/count_tokens`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        model: "claude-opus-4-5",
        messages: [{ role: "user", content: "internationalization ".repeat(200) }],
      }),
    });
    const { input_tokens: tokens } = tokenCount.parse(await answer.json());
    // A word is one token or two; without its tokenizer the program would guess above 1200 from the bytes.
    expect(tokens).toBeGreaterThan(200);
    expect(tokens).toBeLessThan(600);
  } finally {
    running.kill("SIGTERM");
  }
  expect(await running.exited).toBe(0);
  expect(existsSync(join(hostile, "evil-ran"))).toBe(false);
}, 30_000);
