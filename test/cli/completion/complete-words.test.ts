import { expect, test } from "bun:test";
import type { Command } from "commander";
import { completeWords } from "../../../src/cli/completion/complete-words.ts";
import { createProgram } from "../../../src/cli/create-program.ts";
import {
  checkSetting,
  getSettingNote,
  listSettingWords,
  settingNames,
} from "../../../src/config/config-schema.ts";
import { createCollectingTerminal } from "../collecting-terminal.ts";

const program = createProgram(createCollectingTerminal());

/** What is offered, for a line of words; the last is the one that is being typed. */
function offer(line: string) {
  const words = line.split(" ");
  const found = completeWords(program, words.slice(0, -1), words.at(-1) ?? "");
  return found === "files" ? found : found.map(({ word }) => word);
}

/** The words of each command. */
function listCommands(
  { commands }: Command,
  words: readonly string[] = [],
): (readonly [readonly string[], Command])[] {
  return commands.flatMap((inner) => {
    const path = [...words, inner.name()];
    return [[path, inner] as const, ...listCommands(inner, path)];
  });
}

test("every command is offered, and every flag of its help", () => {
  for (const [path, command] of listCommands(program)) {
    expect(offer(path.join(" "))).toContain(path.at(-1) ?? "");
    const flags = command.options.filter((option) => !option.hidden).map((option) => option.long ?? "");
    expect(offer([...path, "-"].join(" "))).toEqual([...flags, "--help"]);
  }
});

test("every setting whose words are known offers them, and takes each of them", () => {
  const known = settingNames.flatMap((name) => {
    const words = listSettingWords(name);
    return words === null ? [] : [{ name, words, flag: getSettingNote(name).flag ?? "" }];
  });
  expect(known.map(({ name }) => name)).toEqual([
    "UPSTREAM_PROFILE",
    "UPSTREAM_PROTOCOL",
    "LOG_LEVEL",
    "RECORD",
    "RECORD_BODIES",
    "CAPS_FAIL",
  ]);
  for (const { name, words, flag } of known) {
    expect(offer(`serve ${flag} `)).toEqual([...words]);
    for (const word of words) expect(checkSetting(name, word)).not.toHaveProperty("fault");
  }
});

test.each<readonly [string, readonly string[] | "files"]>([
  [
    "",
    program
      .createHelp()
      .visibleCommands(program)
      .map((command) => command.name()),
  ],
  ["serve --log-level d", ["DEBUG"]],
  ["serve --log-level=w", ["--log-level=WARN"]],
  ["serve --log-file ", "files"],
  ["serve --port ", []],
  // A flag that takes a value takes the next word, whatever that is.
  ["serve --port --profile", []],
  ["serve --api", []],
  ["translate req", "files"],
  ["translate --as m", ["message"]],
  ["usage --json --by=da", ["--by=day"]],
  ["usage --json=d", []],
  ["help con", ["config"]],
  ["help config sh", ["show"]],
  ["help config he", []],
  ["config help sh", ["show"]],
  ["logs sh", ["show"]],
  ["logs glm sh", []],
  ["logs show --raw client-re", ["client-request", "client-response"]],
  ["learned --clear --js", ["--json"]],
  ["run -- --mo", []],
  ["run --mo", ["--model"]],
  ["status ", ["--port", "--env-file", "--config", "--help"]],
  ["nonsense serv", []],
])("%j offers %j", (line, offered) => {
  expect(offer(line)).toEqual(offered === "files" ? offered : [...offered]);
});
