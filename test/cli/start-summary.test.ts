import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { shortenHome } from "../../src/cli/shorten-home.ts";
import { formatStartSummary, type StartSummary } from "../../src/cli/start-summary.ts";
import type { Config } from "../../src/config/config.ts";
import type { SettingName } from "../../src/config/config-schema.ts";
import type { SettingSource } from "../../src/config/found-texts.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { createPaint } from "../../src/logging/paint.ts";
import { clientSettings, createFileConfig, upstreamSettings } from "../support/file-config.ts";
import { createSettingsFile } from "../support/settings-file.ts";

const key = "canary-upstream-key-0123456789";
const clientKey = "canary-client-key-0123456789";

const openai = { BASE_URL: "https://api.openai.com/v1", BIG_MODEL_NAME: "gpt-5.6-sol" };

function summarize(env: Record<string, string>, more: Partial<StartSummary> = {}): string {
  const loaded = loadConfig({
    platform: "linux",
    homeDir: "/home/me",
    executablePath: "/nowhere/claude-proxy",
    env: { OPENAI_API_KEY: key, BIG_MODEL_NAME: "z-ai/glm-4.6", SMALL_MODEL_NAME: "gpt-5-mini", ...env },
    flags: { PORT: "9000" },
  });
  return formatStartSummary({
    ...loaded,
    url: "http://127.0.0.1:9000",
    version: "1.2.3",
    platform: "linux",
    homeDir: "/home/me",
    env: {},
    fileRows: [],
    files: {},
    executablePath: null,
    checkModel: null,
    paint: createPaint(false),
    columns: 80,
    ...more,
  });
}

test("says where it listens, what it asks, where each setting came from, and what to paste", () => {
  expect(summarize({})).toBe(`claude-proxy 1.2.3 listens at http://127.0.0.1:9000

  upstream       https://openrouter.ai/api/v1                  default
  upstream key   set                                           environment
  profile        auto (openrouter)                             default
  protocol       auto (chat, by default)                       default
  big model      z-ai/glm-4.6                                  environment
  medium model   z-ai/glm-4.6                                  default
  small model    gpt-5-mini                                    environment
  output limit   32000 tokens                                  default
  client key     none                                          default
  host           127.0.0.1                                     default
  port           9000                                          flag
  log level      INFO                                          default
  log file       ~/.local/state/claude-proxy/claude-proxy.log  default
  record         on, messages of those that failed             default
  dashboard      http://127.0.0.1:9000/dashboard

Run Claude Code with it, in another terminal:

  ANTHROPIC_BASE_URL=http://127.0.0.1:9000 ANTHROPIC_AUTH_TOKEN=local \\
  CLAUDE_CODE_AUTO_MODE_SERVER=0 CLAUDE_CODE_AUTO_MODE_MODEL=haiku claude

`);
});

describe("in another terminal the built program runs Claude Code with it", () => {
  const folder = mkdtempSync(join(tmpdir(), "start-summary-"));
  const program = join(folder, "claude-proxy");
  writeFileSync(program, "", { mode: 0o755 });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const ofDefaults = new Map<SettingName, SettingSource>([
    ["HOST", "default"],
    ["PORT", "default"],
  ]);
  const built = (env: Record<string, string> = {}, more: Partial<StartSummary> = {}) => {
    const found = { env: { PATH: folder }, executablePath: program, sources: ofDefaults };
    const text = summarize(env, { url: "http://127.0.0.1:8080", ...found, ...more });
    return text.slice(text.indexOf("Run Claude Code"));
  };
  const onUsualPort = (config: Config): Partial<StartSummary> => ({ config: { ...config, port: 8080 } });
  const { config } = loadConfig({
    platform: "linux",
    homeDir: "/home/me",
    executablePath: "/nowhere/claude-proxy",
    env: { OPENAI_API_KEY: key, BIG_MODEL_NAME: "b", SMALL_MODEL_NAME: "s" },
  });

  test("with nothing else where all is in its usual place", () => {
    expect(built({}, onUsualPort(config))).toBe(`Run Claude Code with it, in another terminal:

  claude-proxy run

For an IDE or a script, its variables: claude-proxy env

`);
  });

  const inFile = new Map<SettingName, SettingSource>([
    ["HOST", { file: "/home/me/.env" }],
    ["PORT", { file: "/home/me/.env" }],
  ]);
  test.each<[string, string, Partial<StartSummary>]>([
    ["its port was given for this start alone", "run --port 9000", { url: "http://127.0.0.1:9000" }],
    ["its port is a free one", "run --port 4711", { url: "http://127.0.0.1:4711", sources: inFile }],
    ["a file says the host for all", "run", { config: { ...config, host: "0.0.0.0" }, sources: inFile }],
    [
      "flags name its files",
      "run --config ~/a.yaml --env-file '/srv/my env'",
      {
        files: { configFile: "/home/me/a.yaml", envFile: "/srv/my env" },
      },
    ],
    [
      "the environment names its file",
      "run --config /srv/a.yaml",
      {
        env: { PATH: folder, CONFIG_FILE: "/srv/a.yaml" },
      },
    ],
    [
      "clients have keys",
      "run --client web-team",
      {
        config: {
          ...config,
          file: createFileConfig({
            upstreams: [],
            clients: [clientSettings("web-team"), clientSettings("ci")],
          }),
        },
      },
    ],
  ])("where %s: %s", (_, words, more) => {
    const text = built({}, { ...onUsualPort(config), ...more });
    expect(text).toContain(`\n\n  claude-proxy ${words}\n\n`);
    expect(text).toContain(`its variables: claude-proxy ${words.replace("run", "env")}\n`);
  });

  test("where no PATH leads to it, by its path", () => {
    expect(built({}, { ...onUsualPort(config), env: {} })).toContain(`\n  ${program} run\n`);
  });

  test("the key that only the environment has is named", () => {
    const sources = new Map(ofDefaults).set("PROXY_API_KEY", "environment");
    const text = built({}, { ...onUsualPort(config), sources });
    expect(text).toStartWith("Run Claude Code with it, in another terminal in which PROXY_API_KEY is set:\n");
  });

  test("for other machines, and in a container, the variables stand there, as this program may not", () => {
    const more = { config: { ...config, host: "0.0.0.0", proxyApiKey: clientKey } };
    const sources = new Map([["HOST", "environment"] as const]);
    expect(built({}, { ...more, sources })).toContain("\n  ANTHROPIC_BASE_URL=http://127.0.0.1:8080 ");
  });
});

test.each([
  [{ UPSTREAM_PROTOCOL: "responses" }, "responses  environment"],
  [{ BASE_URL: "https://a.test/v1/responses" }, "auto (responses, by the address)  default"],
  [{ ...openai, MEDIUM_MODEL_NAME: "gpt-5.6-luna" }, "auto (responses, by the model)  default"],
  [{ ...openai, SMALL_MODEL_NAME: "gpt-4.1-mini" }, "auto (responses; small: chat; by the model)  default"],
  [{ ...openai, BIG_MODEL_NAME: "gpt-4.1" }, "auto (chat; small: responses; by the model)  default"],
  [
    { ...openai, MEDIUM_MODEL_NAME: "gpt-4.1", SMALL_MODEL_NAME: "gpt-4.1" },
    "auto (responses; others: chat; by the model)  default",
  ],
  [{ BASE_URL: "https://api.x.ai/v1", OPENAI_API_KEY: "xai-1" }, "auto (responses, by the model)  default"],
])("[20.2:start] %p: %s", (env, row) => {
  const line = summarize(env).match(/^ {2}protocol .*$/m)?.[0] ?? "";
  expect(line.replace(/ {2,}/g, "  ")).toBe(`  protocol  ${row}`);
  expect(line.length).toBeLessThanOrEqual(80);
});

test("no key is in it; the client's is named instead", () => {
  const text = summarize({
    PROXY_API_KEY: clientKey,
    UPSTREAM_PROFILE: "generic",
    BASE_URL: "https://example.com/v1?key=canary",
  });
  expect(text).toMatch(/^ {2}upstream {7}https:\/\/example\.com\/v1\?… +environment$/m);
  expect(text).toContain("in another terminal in which PROXY_API_KEY is set:\n");
  expect(text).toContain('ANTHROPIC_AUTH_TOKEN="$PROXY_API_KEY" CLAUDE_CODE_AUTO_MODE_SERVER=0');
  expect(text).toMatch(/^ {2}client key {5}set +environment$/m);
  expect(text).toMatch(/^ {2}profile {8}generic +environment$/m);
  expect(text).not.toContain("canary");
});

test("on Windows the line to paste is PowerShell's", () => {
  const command = (env: Record<string, string>) =>
    summarize(env, { platform: "win32", columns: null })
      .split("\n")
      .find((line) => line.includes("claude") && line.includes("$env"));
  expect(command({})).toBe(
    '  $env:ANTHROPIC_BASE_URL="http://127.0.0.1:9000"; $env:ANTHROPIC_AUTH_TOKEN="local"; $env:CLAUDE_CODE_AUTO_MODE_SERVER="0"; $env:CLAUDE_CODE_AUTO_MODE_MODEL="haiku"; claude',
  );
  expect(command({ PROXY_API_KEY: clientKey })).toBe(
    '  $env:ANTHROPIC_BASE_URL="http://127.0.0.1:9000"; $env:ANTHROPIC_AUTH_TOKEN=$env:PROXY_API_KEY; $env:CLAUDE_CODE_AUTO_MODE_SERVER="0"; $env:CLAUDE_CODE_AUTO_MODE_MODEL="haiku"; claude',
  );
});

test.each([
  ["0.0.0.0", "http://0.0.0.0:9000"],
  ["::", "http://[::]:9000"],
])("an address that stands for all (%s) is not one to call", (host, url) => {
  expect(summarize({ HOST: host, PROXY_API_KEY: clientKey }, { url })).toContain(
    "  ANTHROPIC_BASE_URL=http://127.0.0.1:9000 ",
  );
});

test("warnings stand before the line to paste, folded to the terminal", () => {
  const env = { BASE_URL: "http://localhost:11434" };
  const warning =
    "Warning: BASE_URL has no path. Most servers need one: try http://localhost:11434/v1 if requests fail with 404.";
  expect(summarize(env, { columns: null })).toContain(`\n\n${warning}\n\nRun Claude Code`);
  expect(summarize(env, { columns: 80 })).toContain(
    "\nWarning: BASE_URL has no path. Most servers need one: try\n  http://localhost:11434/v1 if requests fail with 404.\n\n",
  );
});

test("the file of settings is named once, and its settings are said to be from it", () => {
  using file = createSettingsFile(`OPENAI_API_KEY=${key}\nBIG_MODEL_NAME=big\nSMALL_MODEL_NAME=small\n`);
  const loaded = loadConfig({ platform: "linux", homeDir: "/home/me", env: {}, envFile: file.path });
  const text = formatStartSummary({
    ...loaded,
    url: "http://127.0.0.1:8080",
    version: "1.2.3",
    platform: "linux",
    homeDir: dirname(file.path),
    env: {},
    fileRows: [],
    files: {},
    executablePath: null,
    checkModel: null,
    paint: createPaint(false),
    columns: 80,
  });
  expect(text).toMatch(/^ {2}big model {6}big +file$/m);
  expect(text.split(basename(file.path))).toHaveLength(2);
  expect(text).toContain(`\n  settings file  ~/${basename(file.path)}\n`);
});

test.each([60, 70, 80, 120])("at %d columns no row of the settings is wider", (columns) => {
  const text = summarize({ BIG_MODEL_NAME: "registry.example/library/qwen3-coder:480b" }, { columns });
  const rows = text.split("\n").filter((row) => row.startsWith("  ") && !row.includes("ANTHROPIC_BASE_URL"));
  expect(Math.max(...rows.map((row) => Bun.stringWidth(row)))).toBeLessThanOrEqual(Math.max(columns, 65));
  expect(text).toMatch(/qwen3-coder:480b\s+environment\n/);
});

test("a value that is wider than the terminal goes on below itself", () => {
  const name = "registry.example/library/qwen3-coder:480b-instruct-q4_K_M-and-more-of-it-yet";
  const rows = summarize({ BIG_MODEL_NAME: name, MEDIUM_MODEL_NAME: "通".repeat(40) }).split("\n");
  const begin = rows.findIndex((row) => row.startsWith("  big model"));
  expect(rows.slice(begin, begin + 6)).toEqual([
    "  big model      registry.example/library/qwen3-coder:480b-instruct-q4_K_M-and-m",
    "                 ore-of-it-yet",
    "                 environment",
    `  medium model   ${"通".repeat(31)}`,
    `                 ${"通".repeat(9)}`,
    "                 environment",
  ]);
  expect(summarize({ BIG_MODEL_NAME: name }, { columns: null })).toContain(name);
});

test("on a terminal the address, the warnings and the line to paste stand out", () => {
  const text = summarize({ BASE_URL: "http://localhost:11434" }, { paint: createPaint(true) });
  expect(text).toStartWith("\u001b[1mclaude-proxy 1.2.3 listens at http://127.0.0.1:9000\u001b[22m\n");
  expect(text).toContain("\n\u001b[38;5;130mWarning:\u001b[39m BASE_URL has");
  expect(text).toContain("\n  \u001b[1mANTHROPIC_BASE_URL=");
  expect(Bun.stripANSI(text)).toBe(summarize({ BASE_URL: "http://localhost:11434" }));
});

test.each([
  ["/home/me/.env", "/home/me", "~/.env"],
  ["/home/me", "/home/me", "~"],
  ["/home/mean/.env", "/home/me", "/home/mean/.env"],
  ["/srv/.env", "/home/me", "/srv/.env"],
  ["/srv/.env", "/", "/srv/.env"],
  ["C:\\Users\\me\\log", "C:\\Users\\me", "~\\log"],
])("%s is for whom %s is home: %s", (path, home, shown) => {
  expect(shortenHome(path, home)).toBe(shown);
});

test.each([
  ["https://example.com/v1", { HTTPS_PROXY: "http://user:canary@proxy.example:3128" }, "proxy.example:3128"],
  ["http://example.com/v1", { http_proxy: "http://proxy.example:3128" }, "proxy.example:3128"],
  ["https://example.com/v1", { HTTPS_PROXY: "http://proxy.example:3128", NO_PROXY: "example.com" }, null],
  ["https://example.com/v1", { HTTP_PROXY: "http://proxy.example:3128" }, null],
  ["http://127.0.0.1:11434/v1", { HTTP_PROXY: "http://proxy.example:3128" }, null],
])("[turn 96] to %s through %j", (address, env: Record<string, string>, host) => {
  const text = summarize({ BASE_URL: address }, { env });
  const [variable] = Object.keys(env);
  const row = new RegExp(`^ {2}http proxy {5}(\\S+) +${variable}$`, "m").exec(text);
  expect(row?.[1] ?? null).toBe(host);
  expect(text).not.toContain("canary@");
});

test("with a configuration file its upstreams and routes stand in the place of the one upstream", () => {
  const path = "/home/me/.config/claude-proxy/config.yaml";
  const { config } = loadConfig({
    platform: "linux",
    homeDir: "/home/me",
    env: { OPENAI_API_KEY: key, BIG_MODEL_NAME: "unused-big", SMALL_MODEL_NAME: "unused-small" },
    executablePath: "/nowhere/claude-proxy",
  });
  const file = createFileConfig({
    path,
    upstreams: [
      upstreamSettings("desk", "http://localhost:11434/v1"),
      upstreamSettings("one", "https://one.test/v1"),
      upstreamSettings("two", "https://two.test/v1"),
      upstreamSettings("own", "https://three.test/v1", { httpProxy: "http://p3:1" }),
    ],
    routes: { default: "desk/qwen3-coder" },
    clients: [clientSettings("web-team"), clientSettings("ci")],
  });
  const text = summarize(
    {},
    {
      config: { ...config, file, proxyApiKey: clientKey },
      sources: new Map([
        ["PORT", { file: "/home/me/.env" }],
        ["LOG_LEVEL", { file: path }],
      ]),
      fileRows: ["  rows", "  of the file"],
      warnings: ["be careful"],
      env: { HTTPS_PROXY: "http://p:1", NO_PROXY: "127.0.0.1" },
    },
  );
  expect(text).toBe(`claude-proxy 1.2.3 listens at http://127.0.0.1:9000

  config file    ~/.config/claude-proxy/config.yaml
  http proxy     p:1                                           HTTPS_PROXY
  output limit   32000 tokens
  clients        default, web-team, ci                         config file
  host           127.0.0.1
  port           8080                                          file
  log level      INFO                                          config file
  log file       ~/.local/state/claude-proxy/claude-proxy.log
  record         on, messages of those that failed
  dashboard      claude-proxy dashboard opens it
  settings file  ~/.env

  rows
  of the file

Warning: be careful

Run Claude Code with it, in another terminal in which PROXY_API_KEY is set:

  ANTHROPIC_BASE_URL=http://127.0.0.1:9000 \\
  ANTHROPIC_AUTH_TOKEN="$PROXY_API_KEY" CLAUDE_CODE_AUTO_MODE_SERVER=0 \\
  CLAUDE_CODE_AUTO_MODE_MODEL=haiku claude

`);
  const named = summarize({}, { config: { ...config, file }, columns: null });
  expect(named).toContain("Run Claude Code with it, in another terminal, with a client's key:\n");
  expect(named).toContain('ANTHROPIC_AUTH_TOKEN="the key of web-team"');
  expect(text + named).not.toMatch(/canary|unused|client-key/);
});
