import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgramIn } from "./run-program-in.ts";

let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "empty-words-"));
  const folder = join(home, ".config", "claude-proxy");
  mkdirSync(folder, { recursive: true });
  const text = "BASE_URL=http://127.0.0.1:9/v1\nBIG_MODEL_NAME=b\nSMALL_MODEL_NAME=s\n";
  writeFileSync(join(folder, ".env"), text, { mode: 0o600 });
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

test.each([
  [["doctor", ""], "An argument of doctor"],
  [["serve", "--env-file", ""], "--env-file"],
  [["serve", "--config", ""], "--config"],
  [["doctor", "b", ""], "An argument of doctor"],
  [["count", ""], "An argument of count"],
  [["route", "--model", ""], "--model"],
  [["route", "--model", "m", "--config", ""], "--config"],
  [["replay", "last", "--model", "m", "--model", ""], "--model"],
  [["run", "--model", "", "--", ""], "--model"],
  [["service", "install", "--print", "--env-file="], "--env-file"],
])("%j names nothing: %s is empty", async (args, what) => {
  expect(await runProgramIn(home, args, {}, { cwd: home })).toEqual({
    exitCode: 2,
    out: "",
    err: `${what} is empty, so it names nothing. If a variable of the shell stands there, it has no value.\n`,
  });
});

test.each([
  ["Claude Code", ["run", "--", ""], "Claude Code is not installed"],
  ["nothing, as an empty setting does", ["status", "--port", ""], "No claude-proxy answers"],
])("an empty word for %s is taken", async (_, args, said) => {
  const { err } = await runProgramIn(home, args, { PATH: home }, { cwd: home });
  expect(err).toStartWith(said);
});

test("the word that is being written is completed", async () => {
  const args = ["completion", "bash", "--", "claude-proxy", "service", ""];
  expect((await runProgramIn(home, args, {}, { cwd: home })).exitCode).toBe(0);
});

test("without a configuration file a target without a model names none", async () => {
  const { err } = await runProgramIn(home, ["doctor", "upstream/"], {}, { cwd: home });
  expect(err).toBe('"upstream/" names no model. Name one: claude-proxy doctor MODEL\n');
});
