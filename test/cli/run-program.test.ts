import { describe, expect, test } from "bun:test";
import { runProgram } from "../../src/cli/run-program.ts";
import { getSettingNote, settingNames } from "../../src/config/config-schema.ts";
import { createCollectingTerminal } from "./collecting-terminal.ts";

async function run(...args: string[]) {
  const terminal = createCollectingTerminal();
  const exitCode = await runProgram(args, terminal);
  return { exitCode, out: terminal.out(), err: terminal.err() };
}

test("without a command there is help, and it names every command", async () => {
  const { exitCode, out, err } = await run();
  expect([exitCode, err]).toEqual([0, ""]);
  expect(out).toStartWith("Usage: claude-proxy [options] [command]\n");
  expect([...out.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name)).toEqual([
    "serve",
    "demo",
    "count",
    "status",
    "service",
    "licenses",
    "help",
  ]);
  expect((await run("--help")).out).toBe(out);
});

test("the version is one line", async () => {
  expect(await run("--version")).toEqual({ exitCode: 0, out: "development\n", err: "" });
});

describe("wrong usage is a line that says what to do, and exit code 2", () => {
  const way = "For what there is, run: claude-proxy --help\n";
  test.each([
    ["an unknown command", ["sevre"], `error: unknown command 'sevre'\n(Did you mean serve?)\n${way}`],
    [
      "an unknown flag",
      ["serve", "--prot", "1"],
      `error: unknown option '--prot'\n(Did you mean --port?)\n${way}`,
    ],
    [
      "a flag without its value",
      ["serve", "--port"],
      `error: option '--port <value>' argument missing\n${way}`,
    ],
    [
      "a word too much",
      ["serve", "now"],
      `error: too many arguments for 'serve'. Expected 0 arguments but got 1: now.\n${way}`,
    ],
  ])("%s", async (_name, args, err) => {
    expect(await run(...args)).toEqual({ exitCode: 2, out: "", err });
  });
});

test("help of serve has a flag for every setting but the keys", async () => {
  const { out } = await run("serve", "--help");
  const flags = settingNames.map((name) => getSettingNote(name).flag).filter((flag) => flag !== null);
  expect([...out.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, flag]) => flag)).toEqual(["--env-file", ...flags]);
  expect(settingNames.filter((name) => getSettingNote(name).flag === null)).toEqual([
    "OPENAI_API_KEY",
    "PROXY_API_KEY",
  ]);
});
