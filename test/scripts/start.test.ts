import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

test("npm start serves with the clone's own .env, and keeps its flags when it starts itself over", async () => {
  const folder = mkdtempSync(join(tmpdir(), "start-"));
  const settings = "BASE_URL=http://127.0.0.1:9/v1\nBIG_MODEL_NAME=from-the-clone\nSMALL_MODEL_NAME=small\n";
  writeFileSync(join(folder, ".env"), settings, { mode: 0o600 });
  const script = join(import.meta.dir, "../../scripts/start.ts");
  const program = Bun.spawn([process.execPath, "--no-env-file", script, "--port", "0"], {
    cwd: folder,
    env: { HOME: folder, PATH: process.env["PATH"] ?? "" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const errors = program.stderr.text();
  let out = "";
  for await (const bytes of program.stdout) {
    out += new TextDecoder().decode(bytes);
    if (out.includes("claude\n")) program.kill("SIGTERM");
  }
  expect({ exitCode: await program.exited, errors: await errors }).toEqual({
    exitCode: 0,
    errors: "",
  });
  expect(out).toMatch(/big model +from-the-clone +file\n/);
  expect(out).toMatch(/\n {2}settings file {2}\S*\.env\n/);
  rmSync(folder, { recursive: true, force: true });
});

/** `npm start` in an empty folder, with what npm puts into the environment of its script. */
function startWrong(args: string[], env: Record<string, string>): { folder: string; told: string[] } {
  const folder = mkdtempSync(join(tmpdir(), "start-"));
  const script = join(import.meta.dir, "../../scripts/start.ts");
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, "--no-env-file", script, ...args], {
    cwd: folder,
    env: { HOME: folder, PATH: process.env["PATH"] ?? "", ...env },
    stdin: "ignore",
    timeout: 20_000,
  });
  rmSync(folder, { recursive: true, force: true });
  expect(exitCode).toBe(2);
  return { folder, told: stderr.toString().trimEnd().split("\n") };
}

test.each([
  [["9212"], { npm_config_port: "true" }, "--port for itself. Run: npm start -- --port 9212"],
  [[], { npm_config_port: "9212" }, "--port for itself. Run: npm start -- --port 9212"],
  [[], { npm_config_port: "true" }, "--port for itself. Run: npm start -- --port …"],
  [
    ["DEBUG", "0"],
    { npm_config_log_level: "true", npm_config_port: "true" },
    "--port and --log-level for itself. Run: npm start -- --port … --log-level …",
  ],
])("[turn 77] npm start %j, where npm has kept %j", (args, env, words) => {
  expect(startWrong(args, env).told).toEqual([`npm has kept ${words}`]);
});

test("[turn 39] npm start without settings names the clone's .env, init and the demo", () => {
  const { folder, told } = startWrong(["--port", "0"], { BIG_MODEL_NAME: "b" });
  expect(told.slice(-1)).toEqual([
    `Settings are read from flags (see: npm start -- --help), the environment, and ${folder}/.env, or else ${folder}/.config/claude-proxy/.env (neither exists yet)`,
  ]);
  expect(startWrong([], {}).told.slice(-2)).toEqual([
    "To be asked for all of it, with models to choose from: npm run init",
    "To try it first without a key: npm run demo",
  ]);
});
