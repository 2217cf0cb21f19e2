import { expect, test } from "bun:test";
import { join } from "node:path";
import { describeStatus } from "../../src/cli/describe-status.ts";
import { runProgram } from "../../src/cli/run-program.ts";
import { createPaint } from "../../src/logging/paint.ts";
import { createConfigFolder } from "../config/file/config-folder.ts";
import { completionOf } from "../support/chunks.ts";
import { clientSettings, createFileConfig, upstreamSettings } from "../support/file-config.ts";
import { json } from "../support/reply.ts";
import { createSettingsFile } from "../support/settings-file.ts";
import { soonMs } from "../support/soon-ms.ts";
import { hello } from "../support/start-pair.ts";
import { startTestProxy } from "../support/start-proxy.ts";
import { startUpstream } from "../support/upstream.ts";
import { createCollectingTerminal } from "./collecting-terminal.ts";

async function run(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const terminal = createCollectingTerminal();
  const exitCode = await runProgram(args, terminal);
  return { exitCode, stdout: terminal.out(), stderr: terminal.err() };
}

/** One time in the local form. */
const at = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d";

test("status says how a proxy is that answers, and that none does", async () => {
  const proxy = await startTestProxy("http://127.0.0.1:9/v1");
  using file = createSettingsFile(`PORT=${proxy.port}\n`);
  const answered = await run("status", "--env-file", file.path);
  await proxy.stop();
  expect(answered).toEqual({
    exitCode: 0,
    stdout: expect.stringMatching(
      new RegExp(`^claude-proxy 0\\.0\\.0-test answers at ${proxy.url}

  since         ${at}
  upstream      http://127\\.0\\.0\\.1:9/v1
  protocol      auto \\(chat, by default\\)
  big model     big-model
  medium model  medium-model
  small model   small-model
  requests      0; 0 running
  record        none, because of RECORD=off
$`),
    ),
    stderr: "",
  });
  expect(await run("status", "--env-file", file.path)).toEqual({
    exitCode: 1,
    stdout: "",
    stderr: `No claude-proxy answers at ${proxy.url}.\nStart it: claude-proxy serve. If it uses another port: claude-proxy status --port 8081\n`,
  });
});

test("status shows what was spent against each cap", async () => {
  const upstream = await startUpstream();
  upstream.respondWith(() =>
    json(completionOf({ text: "hi", usage: { prompt_tokens: 1, completion_tokens: 1, cost: 0.005 } })),
  );
  const proxy = await startTestProxy(upstream.baseUrl, {
    settings: { record: "on", budgetUsdPerDay: 20, budgetUsdPerSession: 1.5 },
  });
  using file = createSettingsFile(`PORT=${proxy.port}\n`);
  const headers = { "content-type": "application/json", "x-claude-code-session-id": "abc" };
  await fetch(`${proxy.url}/v1/messages`, { method: "POST", headers, body: JSON.stringify(hello) });
  await proxy.record(0);
  const { stdout } = await run("status", "--env-file", file.path);
  await proxy.stop();
  await upstream.stop();
  expect(stdout).toMatch(
    new RegExp(
      `\n  budgets       day of everybody: <\\$0\\.01 of \\$20\\.00, until ${at}\n {16}session abc: <\\$0\\.01 of \\$1\\.50\n  record        /`,
    ),
  );
});

test("status says where the record is and what is in it, or why it cannot be read", async () => {
  using folder = createConfigFolder();
  const proxy = await startTestProxy("http://127.0.0.1:9/v1", {
    settings: { record: "on", stateFolder: folder.homeDir },
  });
  using file = createSettingsFile(`PORT=${proxy.port}\n`);
  const headers = { "content-type": "application/json" };
  const show = async (): Promise<string> =>
    (await run("status", "--env-file", file.path)).stdout.replace(/[\s\S]*\n(?= {2}record)/, "");
  const path = join(folder.homeDir, "record.sqlite");
  const before = await show();
  await fetch(`${proxy.url}/v1/messages`, { method: "POST", headers, body: JSON.stringify(hello) });
  const deadlineMs = performance.now() + soonMs;
  let after = await show();
  while (!after.includes("1 request since") && performance.now() < deadlineMs) after = await show();
  await proxy.stop();
  expect(before).toBe(`  record        ${path}\n                0.0 MB, messages of those that failed\n`);
  expect(after).toMatch(
    new RegExp(
      `^  record        ${path}\n {16}1 request since \\d{4}-\\d\\d-\\d\\d, \\d\\.\\d MB, messages of those that failed\n`,
    ),
  );
});

test("status needs no other setting, and --port wins over the file's", async () => {
  const proxy = await startTestProxy("http://127.0.0.1:9/v1");
  using file = createSettingsFile("PORT=1\nBASE_URL=nonsense\n");
  const { exitCode, stdout } = await run("status", "--env-file", file.path, "--port", String(proxy.port));
  await proxy.stop();
  expect([exitCode, stdout.split("\n")[0]]).toEqual([0, `claude-proxy 0.0.0-test answers at ${proxy.url}`]);
});

test("status without the client key says what is missing, and with it is told all", async () => {
  const proxy = await startTestProxy("http://127.0.0.1:9/v1", { settings: { proxyApiKey: "client-key-0" } });
  using keyless = createSettingsFile(`PORT=${proxy.port}\n`);
  using keyed = createSettingsFile(`PORT=${proxy.port}\nPROXY_API_KEY=client-key-0\n`);
  await fetch(`${proxy.url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
  });
  const without = await run("status", "--env-file", keyless.path);
  const withKey = await run("status", "--env-file", keyed.path);
  await proxy.stop();
  expect(without.exitCode).toBe(0);
  expect(without.stdout).toEndWith(
    "\n\nIt shows its models and its last failure only with its client key. Set PROXY_API_KEY to see them.\n",
  );
  expect(withKey.stdout).toMatch(
    new RegExp(`\n  last failure  ${at}  401\n {16}authentication_error: claude-proxy: wrong or missing`),
  );
});

test.each([
  [
    ["--port", "abc"],
    'PORT="abc" must be a whole number from 0 to 65535 (from --port). Example: PORT=8080\n',
  ],
  [["--env-file", "/no/such.env"], "--env-file /no/such.env: there is no such file\n"],
])("status %j is refused in words", async (args, words) => {
  const { exitCode, stderr } = await run("status", ...args);
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/\nSettings are read from .*\n$/)]);
  expect(stderr).toStartWith(words);
});

test("status shows the configuration file, its upstreams and routes, and why an edit is not in force", async () => {
  const file = createFileConfig({
    path: "/etc/claude-proxy/config.yaml",
    upstreams: [upstreamSettings("desk", "http://127.0.0.1:9/v1")],
    cases: [{ when: { images: true }, to: "desk/vision" }],
    routes: { default: ["desk/big", "desk/small"] },
    clients: [clientSettings("ci")],
  });
  const problem = [
    'config.yaml:14:5 upstreams.deepseek.protocol: "chatt" is not one of chat, responses, anthropic, auto',
  ];
  const loadedAt = new Date();
  const configState = { path: file.path, loadedAt, problem, waiting: ["host", "port"] };
  const proxy = await startTestProxy("http://127.0.0.1:9/v1", { settings: { file }, configState });
  using settings = createSettingsFile(`PORT=${proxy.port}\nPROXY_API_KEY=ci-client-key\n`);
  const asked = await fetch(`${proxy.url}/status`, { headers: { "x-api-key": "ci-client-key" } });
  const { exitCode, stdout } = await run("status", "--env-file", settings.path);
  await proxy.stop();
  expect(await asked.json()).toEqual({
    upstreams: [
      {
        name: "desk",
        url: "http://127.0.0.1:9/v1",
        protocol: "auto (chat)",
        profile: "generic",
        keys: 1,
        passes_client_key: false,
      },
    ],
    cases: [{ when: { images: true }, to: ["desk/vision"] }],
    routes: [{ asked: "default", to: ["desk/big", "desk/small"] }],
    clients: ["ci"],
    config: {
      path: file.path,
      loaded_at: loadedAt.toISOString(),
      problem,
      waiting_for_start: ["host", "port"],
    },
    requests: 0,
    failures: 0,
    last_failure: null,
    record: null,
  });
  expect(exitCode).toBe(0);
  expect(stdout.replace(new RegExp(at, "g"), "TIME")).toBe(`claude-proxy 0.0.0-test answers at ${proxy.url}

  since         TIME
  config file   /etc/claude-proxy/config.yaml
  read          TIME
  next start    host, port: changed, not in force yet
  clients       ci
  requests      0; 0 running
  record        none, because of RECORD=off

The file has changed since, and is not taken over:
config.yaml:14:5 upstreams.deepseek.protocol: "chatt" is not one of chat, responses, anthropic, auto

  upstream  host         wire         profile  keys
  desk      127.0.0.1:9  auto (chat)  generic  1

  asked for     goes to
  images: true  desk/vision
  default       desk/big
                then desk/small
`);
});

const failure = {
  time: new Date(2026, 10, 24, 9, 5, 7),
  status: 502,
  type: "api_error",
  message: "cannot reach localhost:11434: ECONNREFUSED.\u001b[2J Does a server run there?",
  model: "qwen3-coder",
};

const longName = "registry.example/library/qwen3-coder:480b-instruct-q4";

test("a failure stands below its time and model, folded, and drives no terminal", () => {
  const text = describeStatus({
    url: "http://127.0.0.1:8080",
    answer: { version: "1.2.3", startedAt: new Date(2026, 10, 24, 2, 11, 5), runningRequests: 1 },
    details: {
      upstream: "http://localhost:11434/v1",
      models: { big: "qwen3-coder", medium: "qwen3-coder", small: longName },
      requests: 12,
      failures: 2,
      last_failure: failure,
      record: {
        path: "/home/me/.local/state/claude-proxy/record.sqlite",
        bytes: 1_234_567,
        bodies: "errors",
        waiting: 3,
        lost: 2,
        fault: "The disk with /home/me is full. Free some space, or lower RECORD_MB.",
      },
    },
    extent: { requests: 12, firstMs: new Date(2026, 10, 20, 1, 2, 3).getTime() },
    paint: createPaint(false),
    columns: 60,
  });
  expect(text).toBe(`claude-proxy 1.2.3 answers at http://127.0.0.1:8080

  since         2026-11-24 02:11:05
  upstream      http://localhost:11434/v1
  big model     qwen3-coder
  medium model  qwen3-coder
  small model   registry.example/library/qwen3-coder:480b-in
                struct-q4
  requests      12, 2 failed; 1 running
  record        /home/me/.local/state/claude-proxy/record.sq
                lite
                12 requests since 2026-11-20, 1.2 MB,
                messages of those that failed
                3 requests wait to be written
                2 requests are lost or incomplete
                The disk with /home/me is full. Free some
                space, or lower RECORD_MB.
  last failure  2026-11-24 09:05:07  502  qwen3-coder
                api_error: cannot reach localhost:11434:
                ECONNREFUSED.\\u001b[2J Does a server run
                there?
`);
});

test("what is wrong with a shared database is said once", () => {
  const fault = "There is no such database: db:5432/records. Create it, or correct RECORD.";
  const text = describeStatus({
    url: "http://127.0.0.1:8080",
    answer: { version: "1.2.3", startedAt: new Date(2026, 10, 24, 2, 11, 5), runningRequests: 0 },
    details: {
      upstream: "http://localhost:11434/v1",
      models: { big: "glm", medium: "glm", small: "glm" },
      requests: 1,
      failures: 0,
      last_failure: null,
      record: {
        path: "db:5432/records",
        bytes: 0,
        bodies: "errors",
        waiting: 0,
        lost: 0,
        fault,
        spooled: 1,
        away_since: new Date(2026, 10, 24, 2, 11, 6),
      },
      team: {
        database: "db:5432/records",
        instances: 1,
        clients: 0,
        away_since: new Date(2026, 10, 24, 2, 11, 7),
        fault,
      },
    },
    extent: { fault: `The record cannot be read.\n${fault}` },
    paint: createPaint(false),
    columns: 80,
  });
  expect(text.slice(text.indexOf("  record"))).toBe(`  record        db:5432/records
                messages of those that failed
                1 request waits on the proxy's disk until the database takes
                them
                the database has taken none since 2026-11-24 02:11:06
                The record cannot be read.
                There is no such database: db:5432/records. Create it, or
                correct RECORD.
  team          1 instance, 0 shared clients, as last known
                The database has not answered since 2026-11-24 02:11:07.
`);
});

test("licenses says where they are when the program is not built", async () => {
  expect(await run("licenses")).toEqual({
    exitCode: 0,
    stdout:
      "claude-proxy is licensed under the MIT licence, see LICENSE. The licences of other works are in node_modules.\n",
    stderr: "",
  });
});

test("a service is not installed from the source", async () => {
  expect(await run("service", "install")).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: "A service needs the built program. Run: npm run build\n",
  });
});
