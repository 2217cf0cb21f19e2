import { expect, test } from "bun:test";
import { formatStartSummary, type StartSummary } from "../../src/cli/start-summary.ts";
import { loadConfig } from "../../src/config/load-config.ts";

const key = "canary-upstream-key-0123456789";
const clientKey = "canary-client-key-0123456789";

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
    ...more,
  });
}

test("says where it listens, what it asks, where each setting came from, and what to paste", () => {
  expect(summarize({})).toBe(`claude-proxy 1.2.3 listens at http://127.0.0.1:9000

  upstream      https://openrouter.ai/api/v1                         default
  upstream key  set                                                  environment
  profile       auto (openrouter)                                    default
  big model     z-ai/glm-4.6                                         environment
  medium model  z-ai/glm-4.6                                         default
  small model   gpt-5-mini                                           environment
  output limit  32000 tokens                                         default
  client key    none                                                 default
  host          127.0.0.1                                            default
  port          9000                                                 flag
  log level     INFO                                                 default
  log file      /home/me/.local/state/claude-proxy/claude-proxy.log  default

Run Claude Code with it, in another terminal:

  ANTHROPIC_BASE_URL=http://127.0.0.1:9000 ANTHROPIC_AUTH_TOKEN=local claude

`);
});

test("no key is in it; the client's is named instead", () => {
  const text = summarize({
    PROXY_API_KEY: clientKey,
    UPSTREAM_PROFILE: "generic",
    BASE_URL: "https://example.com/v1?key=canary",
  });
  expect(text).toMatch(/^ {2}upstream {6}https:\/\/example\.com\/v1\?… +environment$/m);
  expect(text).toContain('ANTHROPIC_AUTH_TOKEN="$PROXY_API_KEY" claude\n');
  expect(text).toMatch(/^ {2}client key {4}set +environment$/m);
  expect(text).toMatch(/^ {2}profile {7}generic +environment$/m);
  expect(text).not.toContain("canary");
});

test("on Windows the line to paste is PowerShell's", () => {
  const command = (env: Record<string, string>) =>
    summarize(env, { platform: "win32" })
      .split("\n")
      .find((line) => line.includes("claude") && line.includes("$env"));
  expect(command({})).toBe(
    '  $env:ANTHROPIC_BASE_URL="http://127.0.0.1:9000"; $env:ANTHROPIC_AUTH_TOKEN="local"; claude',
  );
  expect(command({ PROXY_API_KEY: clientKey })).toBe(
    '  $env:ANTHROPIC_BASE_URL="http://127.0.0.1:9000"; $env:ANTHROPIC_AUTH_TOKEN=$env:PROXY_API_KEY; claude',
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

test("warnings stand before the line to paste", () => {
  expect(summarize({ BASE_URL: "http://localhost:11434" })).toContain(
    "\n\nWarning: BASE_URL has no path. Most servers want one: try http://localhost:11434/v1 if requests fail with 404.\n\nRun Claude Code",
  );
});
