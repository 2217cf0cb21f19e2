import { expect, test } from "bun:test";
import { composeSetup } from "../../../src/cli/statusline/compose-setup.ts";

const commandOf = (platform: NodeJS.Platform, program: string, format?: string) =>
  composeSetup({ file: "/f", program: [program], format, platform }).settings.statusLine.command;

test("the command is quoted where a shell would read it otherwise", () => {
  expect(commandOf("linux", "/usr/bin/claude-proxy")).toBe("/usr/bin/claude-proxy statusline");
  expect(commandOf("darwin", "/Users/a b/it's/claude-proxy")).toBe(
    "'/Users/a b/it'\\''s/claude-proxy' statusline",
  );
});

test("on Windows it is one that Git's Bash and cmd both understand", () => {
  expect(commandOf("win32", "C:\\Users\\a\\claude-proxy.exe")).toBe("C:/Users/a/claude-proxy.exe statusline");
  expect(commandOf("win32", "C:\\Program Files\\claude-proxy.exe", "{model} {cache}")).toBe(
    '"C:/Program Files/claude-proxy.exe" statusline --format "{model} {cache}"',
  );
});
