import { expect, test } from "bun:test";
import type { Command } from "commander";
import { listCommandTrials } from "../../scripts/release/smoke/command-trials.ts";
import { createProgram } from "../../src/cli/create-program.ts";
import { createCollectingTerminal } from "../cli/collecting-terminal.ts";

/** The commands that do something: those without others below them, and those that take words themselves. */
function listCommands({ commands }: Command, words: readonly string[] = []): string[] {
  return commands.flatMap((inner) => {
    const path = [...words, inner.name()];
    const isOwn = inner.commands.length === 0 || inner.registeredArguments.length > 0;
    return [...(isOwn ? [path.join(" ")] : []), ...listCommands(inner, path)];
  });
}

test("every command is tried in every built program", () => {
  const trials = listCommandTrials({
    requestId: "req_1",
    requestFile: "request.json",
    configFile: "config.yaml",
    envFile: ".env",
    upstreamUrl: "http://127.0.0.1:9/v1",
    projectUrl: "http://127.0.0.1:9",
  });
  const commands = listCommands(createProgram(createCollectingTerminal()));
  expect(trials.map(({ command }) => command).sort()).toEqual(commands.sort());
});
