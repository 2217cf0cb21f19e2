import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildClaudeCommand } from "../../src/cli/claude-command.ts";
import type { FileConfig } from "../../src/config/file-config.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { clientSettings, createFileConfig, upstreamSettings } from "../support/file-config.ts";

const key = "canary-client-key-0123456789/+=";
const models = "BASE_URL=http://localhost:1/v1\nBIG_MODEL_NAME=b\nSMALL_MODEL_NAME=s\n";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "claude-command-"));
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

function build(
  text: string,
  options: {
    env?: Record<string, string>;
    folder?: string;
    platform?: NodeJS.Platform;
    width?: number;
    file?: FileConfig;
    checkModel?: string;
  } = {},
) {
  const { env = {}, folder = ".config", platform = "linux", width = null, file = null } = options;
  const { checkModel = null } = options;
  const envFile = join(home, folder, ".env");
  mkdirSync(dirname(envFile), { recursive: true });
  writeFileSync(envFile, text, { mode: 0o600 });
  const { config, clientKeyLine } = loadConfig({ env, envFile, platform: "linux", homeDir: home });
  const url = "http://127.0.0.1:8080";
  return buildClaudeCommand({
    url,
    config: { ...config, file },
    clientKeyLine,
    env,
    platform,
    homeDir: home,
    checkModel,
    width,
  });
}

/** What a `claude` is told that is started by the line in a fresh shell. */
function runIn(shell: string, line: string): string[] {
  const claude = join(home, "claude");
  const script =
    '#!/bin/sh\nprintf "%s\\n" "$ANTHROPIC_BASE_URL" "$ANTHROPIC_AUTH_TOKEN" "$NO_PROXY"\ntest -z "$ANTHROPIC_CUSTOM_HEADERS" || printf "%s\\n" "$ANTHROPIC_CUSTOM_HEADERS"\n';
  writeFileSync(claude, script, { mode: 0o755 });
  const { stdout, stderr } = Bun.spawnSync([shell, "-c", line], {
    cwd: home,
    env: { HOME: home, PATH: `${home}:${process.env["PATH"] ?? ""}` },
  });
  expect(stderr.toString()).toBe("");
  return stdout.toString().split("\n").slice(0, -1);
}

const shells = ["sh", "bash", "zsh", "fish"].filter((shell) => Bun.which(shell) !== null);

describe.each(shells)("[turn 80] pasted into %s, the line brings the key that clients need", (shell) => {
  test.each([
    ["plain", `${models}PROXY_API_KEY=${key}\n`],
    ["in the first line, of a file without an end", `PROXY_API_KEY=${key}\n${models.trimEnd()}`],
    ["with export", `${models}export PROXY_API_KEY=${key}`],
    ["in double quotes", `${models}PROXY_API_KEY="${key}"`],
    ["in single quotes", `${models}PROXY_API_KEY='${key}'`],
    ["in quotes, with export and a comment", `${models}export PROXY_API_KEY='${key}' # for the team`],
    ["before a comment", `${models}PROXY_API_KEY=${key} # for the team`],
    ["before carriage returns", `${models}PROXY_API_KEY=${key}\n`.replaceAll("\n", "\r\n")],
    ["in quotes before carriage returns", `${models}PROXY_API_KEY="${key}"\n`.replaceAll("\n", "\r\n")],
    ["beside one in a comment", `# PROXY_API_KEY=other\n${models}PROXY_API_KEY=${key}\n`],
  ])("%s", (_name, text) => {
    const { line, needs } = build(text);
    expect(line).not.toContain("canary");
    expect(line).toContain(" ~/.config/.env)");
    expect(needs).toBe("nothing");
    expect(runIn(shell, line)).toEqual(["http://127.0.0.1:8080", key, ""]);
  });

  test.each(["with a space", "with'quote", "with$dollar"])("from a folder %s", (folder) => {
    const { line } = build(`${models}PROXY_API_KEY=${key}\n`, { folder });
    expect(runIn(shell, line)).toEqual(["http://127.0.0.1:8080", key, ""]);
  });

  test.each([20, 60, 78, 120])("on rows of %d characters", (width) => {
    const text = `${models}PROXY_API_KEY=${key}\n`;
    const folder = ".config/claude-proxy";
    const { line } = build(text, { width, folder, env: { HTTP_PROXY: "http://p:1" } });
    const rows = line.split("\n");
    // What has no gap may be longer.
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(Math.max(width, 56));
    expect(rows.length).toBeGreaterThan(1);
    const pasted = rows.map((row) => `  ${row}`).join("\n");
    expect(runIn(shell, pasted)).toEqual(["http://127.0.0.1:8080", key, "127.0.0.1"]);
  });

  test("without a key", () => {
    expect(runIn(shell, build(models).line)).toEqual(["http://127.0.0.1:8080", "local", ""]);
  });

  test("with the model that checks actions where the small one leads nowhere", () => {
    expect(build(models, { checkModel: "one/m" }).line).toEndWith(
      " CLAUDE_CODE_AUTO_MODE_SERVER=0 CLAUDE_CODE_AUTO_MODE_MODEL=one/m claude",
    );
  });

  test("[turn 94] where programs use an HTTP proxy", () => {
    const { line } = build(models, { env: { HTTPS_PROXY: "http://p:1" } });
    expect(runIn(shell, line)).toEqual(["http://127.0.0.1:8080", "local", "127.0.0.1"]);
  });
});

describe("where no shell can read the key, its variable stands", () => {
  test.each([
    ["it is in the environment", models, { PROXY_API_KEY: key }],
    ["the environment has another", `${models}PROXY_API_KEY=canary-other`, { PROXY_API_KEY: key }],
    ["it is set twice", `PROXY_API_KEY=x\n${models}PROXY_API_KEY=${key}`, {}],
    ["of a form that sed would not see", `${models} PROXY_API_KEY = ${key}`, {}],
  ])("%s", (_name, text, env) => {
    expect(build(text, { env })).toEqual({
      line: 'ANTHROPIC_BASE_URL=http://127.0.0.1:8080 ANTHROPIC_AUTH_TOKEN="$PROXY_API_KEY" CLAUDE_CODE_AUTO_MODE_SERVER=0 CLAUDE_CODE_AUTO_MODE_MODEL=haiku claude',
      needs: "variable",
    });
  });
});

test.each([
  ["none", {}, ""],
  ["an HTTP proxy", { http_proxy: "http://p:1" }, "NO_PROXY=127.0.0.1 "],
  ["one with exceptions", { HTTP_PROXY: "http://p:1", NO_PROXY: "x" }, 'NO_PROXY="127.0.0.1,$NO_PROXY" '],
  ["others in lower case", { HTTP_PROXY: "http://p:1", no_proxy: "x, y" }, 'no_proxy="127.0.0.1,$no_proxy" '],
  ["this one among them", { HTTP_PROXY: "http://p:1", NO_PROXY: "x,127.0.0.1" }, ""],
  ["all", { HTTP_PROXY: "http://p:1", no_proxy: "*" }, ""],
])("[turn 94] HTTP proxy: %s", (_name, env, words) => {
  expect(build(models, { env }).line).toBe(
    `ANTHROPIC_BASE_URL=http://127.0.0.1:8080 ANTHROPIC_AUTH_TOKEN=local ${words}CLAUDE_CODE_AUTO_MODE_SERVER=0 CLAUDE_CODE_AUTO_MODE_MODEL=haiku claude`,
  );
});

test("on Windows each row has whole statements", () => {
  const { line } = build(models, { platform: "win32", width: 78 });
  expect(line.split("\n")).toEqual([
    '$env:ANTHROPIC_BASE_URL="http://127.0.0.1:8080";',
    '$env:ANTHROPIC_AUTH_TOKEN="local"; $env:CLAUDE_CODE_AUTO_MODE_SERVER="0";',
    '$env:CLAUDE_CODE_AUTO_MODE_MODEL="haiku"; claude',
  ]);
});

test("on Windows PowerShell reads the file", () => {
  const { line } = build(`${models}PROXY_API_KEY='${key}'`, { platform: "win32", env: { HTTP_PROXY: "x" } });
  expect(line).toBe(
    `$env:ANTHROPIC_BASE_URL="http://127.0.0.1:8080"; $env:ANTHROPIC_AUTH_TOKEN=(Select-String -CaseSensitive '^PROXY_API_KEY=''([^\\s'']+)' -LiteralPath '${home}/.config/.env').Matches.Groups[1].Value; $env:NO_PROXY="127.0.0.1"; $env:CLAUDE_CODE_AUTO_MODE_SERVER="0"; $env:CLAUDE_CODE_AUTO_MODE_MODEL="haiku"; claude`,
  );
});

describe("with a configuration file", () => {
  const start = "ANTHROPIC_BASE_URL=http://127.0.0.1:8080";
  const autoMode = "CLAUDE_CODE_AUTO_MODE_SERVER=0 CLAUDE_CODE_AUTO_MODE_MODEL=haiku";
  const ownKey = `${models}PROXY_API_KEY=${key}`;

  const fileWith = (names: readonly string[], passesClientKey: boolean) =>
    createFileConfig({
      upstreams: [upstreamSettings("desk", "http://127.0.0.1:9/v1", { passesClientKey })],
      clients: names.map((name) => clientSettings(name)),
    });

  test.each<[string, string, string[], boolean, string, string]>([
    ["nobody needs a key", models, [], false, `ANTHROPIC_AUTH_TOKEN=local ${autoMode}`, "nothing"],
    [
      "the first client stands for all",
      models,
      ["web-team", "ci"],
      false,
      `ANTHROPIC_AUTH_TOKEN="the key of web-team" ${autoMode}`,
      "client key",
    ],
    [
      "a name is no shell command",
      models,
      ['$(a)`b`"c'],
      false,
      `ANTHROPIC_AUTH_TOKEN="the key of ??a??b??c" ${autoMode}`,
      "client key",
    ],
    ["the login is passed on", models, [], true, "", "nothing"],
    [
      "the login is passed on, and clients have keys",
      models,
      ["ci"],
      true,
      'ANTHROPIC_CUSTOM_HEADERS="x-claude-proxy-key: the key of ci"',
      "client key",
    ],
  ])("%s", (_, text, names, passesClientKey, words, needs) => {
    const line = [start, words, "claude"].filter((part) => part !== "").join(" ");
    const command = build(text, { file: fileWith(names, passesClientKey) });
    expect<unknown>(command).toEqual({ line, needs });
  });

  test.each(shells)(
    "in %s the proxy's own key goes in its own header where the login is passed on",
    (shell) => {
      const { line, needs } = build(ownKey, { file: fileWith(["ci"], true) });
      expect(runIn(shell, line)).toEqual(["http://127.0.0.1:8080", "", "", `x-claude-proxy-key: ${key}`]);
      expect([needs, line.includes("canary")]).toEqual(["nothing", false]);
    },
  );

  test("on Windows, too", () => {
    const windows = { platform: "win32", file: fileWith([], true) } as const;
    const line = (text: string, env = {}) => build(text, { ...windows, env }).line;
    expect(line(ownKey)).toContain(
      '$env:ANTHROPIC_CUSTOM_HEADERS="x-claude-proxy-key: " + (Select-String -CaseSensitive ',
    );
    expect(line(models, { PROXY_API_KEY: key })).toContain(
      '$env:ANTHROPIC_CUSTOM_HEADERS="x-claude-proxy-key: $env:PROXY_API_KEY"; claude',
    );
  });
});
