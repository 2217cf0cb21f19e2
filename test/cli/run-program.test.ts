import { describe, expect, test } from "bun:test";
import type { Command } from "commander";
import { createProgram } from "../../src/cli/create-program.ts";
import { runProgram } from "../../src/cli/run-program.ts";
import { getSettingNote, settingNames } from "../../src/config/config-schema.ts";
import { createCollectingTerminal } from "./collecting-terminal.ts";

async function run(...args: string[]) {
  const terminal = createCollectingTerminal();
  const exitCode = await runProgram(args, terminal);
  return { exitCode, out: terminal.out(), err: terminal.err() };
}

/** The words of each command, those without any first. */
function listCommands(
  { commands }: Command = createProgram(createCollectingTerminal()),
  words: readonly string[] = [],
): (readonly string[])[] {
  return [words, ...commands.flatMap((inner) => listCommands(inner, [...words, inner.name()]))];
}

test("without a command there is help, and it names every command", async () => {
  const { exitCode, out, err } = await run();
  expect([exitCode, err]).toEqual([0, ""]);
  expect(out).toStartWith("Example: npm run init\n\nUsage: claude-proxy [options] [command]\n");
  expect(
    [...(out.split("First steps:")[0] ?? "").matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name),
  ).toEqual([
    "init",
    "serve",
    "run",
    "env",
    "demo",
    "config",
    "count",
    "route",
    "translate",
    "models",
    "status",
    "doctor",
    "dashboard",
    "clients",
    "usage",
    "logs",
    "replay",
    "statusline",
    "learned",
    "service",
    "completion",
    "upgrade",
    "licenses",
    "version",
    "help",
  ]);
  expect((await run("--help")).out).toBe(out);
});

test.each(["--version", "-v", "-V", "version"])("the version is one line: %s", async (name) => {
  expect(await run(name)).toEqual({ exitCode: 0, out: `development (Bun ${Bun.version})\n`, err: "" });
});

test("help ends with the first steps and an example, and says where the settings belong", async () => {
  const { out } = await run("--help");
  const [, steps = ""] = out.split("First steps:\n");
  // From a clone, as here, it is the clone's own file that `npm start` reads.
  expect(steps).toStartWith("  1. Set it up, by questions: npm run init\n  2. Start it: npm start\n");
  expect(steps).toContain(
    "into the file\n.env in this clone\n\n  OPENAI_API_KEY=sk-or-v1-…\n  BIG_MODEL_NAME=",
  );
  expect((await run("serve", "--help")).out.replaceAll("\n", " ")).toMatch(
    /or in the file \S*claude-proxy\/\.env, by the names in brackets\. A flag overrides/,
  );
});

test("help of every command begins with an example, whose flags the command has", async () => {
  for (const command of listCommands()) {
    const { out } = await run(...command, "--help");
    const words =
      command.length === 0 ? "(?:claude-proxy|npm run) [a-z]+" : ["claude-proxy", ...command].join(" ");
    // What a command prints for a shell is shown as the shell takes it.
    expect(out).toMatch(new RegExp(`^Example: (?:eval "\\$\\()?${words}(?: .*)?\\n\\nUsage: `));
    // What stands behind `--` belongs to another program.
    const [example = ""] = (out.split("\n")[0] ?? "").split(" -- ");
    for (const [flag] of example.matchAll(/(?<= )--?[a-z][-a-z]*/g)) {
      expect(`${command.join(" ")}: ${out}`).toMatch(new RegExp(`^  (?:-\\w, )?${flag}\\b`, "m"));
    }
  }
});

/** Whether a line is wider than it has to be. A long word stays whole, and an example does, so that it can be copied. */
function isTooWide(line: string, columns: number): boolean {
  if (Bun.stringWidth(line) <= columns || line.startsWith("Example: ")) return false;
  return line
    .trimStart()
    .slice(0, columns - line.search(/\S/))
    .includes(" ");
}

test.each([40, 70, 80, 120])("at %d columns no line of help is wider", async (columns) => {
  for (const command of listCommands()) {
    const terminal = createCollectingTerminal();
    expect(await runProgram([...command, "--help"], { ...terminal, columns })).toBe(0);
    const wide = terminal
      .out()
      .split("\n")
      .filter((line) => isTooWide(line, columns));
    expect([command, wide]).toEqual([command, []]);
  }
});

test("what stops a command is folded to the terminal", async () => {
  const terminal = createCollectingTerminal();
  await runProgram(["count", "/no/such/folder/and/no/such/file"], { ...terminal, columns: 50 });
  expect(terminal.err()).toBe("Cannot read /no/such/folder/and/no/such/file:\n  there is no such file.\n");
});

describe("wrong usage is a line that says what to do, and exit code 2", () => {
  const way = "For help, run: claude-proxy --help\n";
  const wayOfServe = "For help, run: claude-proxy serve --help\n";
  test.each([
    ["an unknown command", ["sevre"], `error: unknown command 'sevre'\n(Did you mean serve?)\n${way}`],
    [
      "an unknown flag",
      ["serve", "--prot", "1"],
      `error: unknown option '--prot'\n(Did you mean --port?)\n${wayOfServe}`,
    ],
    [
      "a flag without its value",
      ["serve", "--port"],
      `error: option '--port <value>' argument missing\n${wayOfServe}`,
    ],
    [
      "a flag of another command",
      ["service", "install", "--port", "1"],
      "error: unknown option '--port'\nFor help, run: claude-proxy service install --help\n",
    ],
    [
      "a word too much",
      ["serve", "now"],
      `error: too many arguments for 'serve'. Expected 0 arguments but got 1: now.\n${wayOfServe}`,
    ],
  ])("%s", async (_name, args, err) => {
    expect(await run(...args)).toEqual({ exitCode: 2, out: "", err });
  });
});

test("help of serve has a flag for every setting but the keys", async () => {
  const { out } = await run("serve", "--help");
  const flags = settingNames.map((name) => getSettingNote(name).flag).filter((flag) => flag !== null);
  expect([...out.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, flag]) => flag)).toEqual([
    "--env-file",
    "--config",
    ...flags,
  ]);
  expect(settingNames.filter((name) => getSettingNote(name).flag === null)).toEqual([
    "OPENAI_API_KEY",
    "PROXY_API_KEY",
  ]);
});
