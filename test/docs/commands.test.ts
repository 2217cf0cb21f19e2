import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { createProgram } from "../../src/cli/create-program.ts";
import { createCollectingTerminal } from "../cli/collecting-terminal.ts";

const root = join(import.meta.dir, "../..");
/** What people read; the changelog may name what has gone, and the record of decisions what was not built. */
const pages = [
  "README.md",
  "SECURITY.md",
  ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`),
].filter((path) => path.endsWith(".md") && path !== "docs/decisions.md");

const program: Command = createProgram(createCollectingTerminal());

/** A name of a container or an image is no command; two blanks end a command in a list of commands. */
const written = /(?<![\w./@-]|--name |--tag )(?:dist\/)?claude-proxy((?: [^\s|&;)"'>]+)+)/g;

/** Every `claude-proxy …` in code: the words behind it. */
function findCommands(text: string): string[] {
  const code = [...text.matchAll(/^```[^\n]*\n([\s\S]*?)^```$|`([^`\n]+)`/gm)];
  return code.flatMap(([, block, inline]) =>
    [...(block ?? inline ?? "").matchAll(written)].map(([, words = ""]) => words.trim()),
  );
}

/** What of the words the program does not have: a command, or a flag of it. */
function findFault(words: string): string | null {
  let command = program;
  const given = words.split(" ");
  while (given.length > 0) {
    const inner = command.commands.find((one) => one.name() === given[0]);
    if (inner === undefined) break;
    command = inner;
    given.shift();
  }
  const [next = ""] = given;
  const isWanted = command.commands.length > 0 && /^[a-z]+$/.test(next) && next !== "help";
  if (isWanted) return `no command ${next}: claude-proxy ${words}`;
  const end = given.indexOf("--");
  const flags = given.slice(0, end === -1 ? undefined : end).filter((word) => /^--?[a-z]/i.test(word));
  const known = [...command.options.flatMap(({ short, long }) => [short, long]), "--help", "-h"];
  const unknown = flags.find((flag) => !known.includes(flag.replace(/[=,.:].*$/, "")));
  return unknown === undefined ? null : `no flag ${unknown}: claude-proxy ${words}`;
}

test.each(pages)("%s names commands and flags that exist", (page) => {
  const found = findCommands(readFileSync(join(root, page), "utf8"));
  expect(found.map(findFault).filter((fault) => fault !== null)).toEqual([]);
});

test("the check itself sees what does not exist", () => {
  const text =
    "Run `claude-proxy gone`, `claude-proxy config gone --json`, `claude-proxy usage --gone=1`.\n" +
    "```\nclaude-proxy run --model x -- --gone\neval $(claude-proxy env --gone | x)\n```\n";
  expect(findCommands(text).map(findFault)).toEqual([
    "no command gone: claude-proxy gone",
    "no command gone: claude-proxy config gone --json",
    "no flag --gone=1: claude-proxy usage --gone=1",
    null,
    "no flag --gone: claude-proxy env --gone",
  ]);
});
