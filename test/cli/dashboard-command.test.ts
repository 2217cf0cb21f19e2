import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../src/cli/run-program.ts";
import { cookieOf } from "../support/dashboard-session.ts";
import { createFakePrograms } from "../support/fake-programs.ts";
import { clientSettings, createFileConfig, upstreamSettings } from "../support/file-config.ts";
import { createSettingsFile } from "../support/settings-file.ts";
import { startTestProxy } from "../support/start-proxy.ts";
import { createCollectingTerminal } from "./collecting-terminal.ts";

const upstream = "http://127.0.0.1:9/v1";
const key = "canary-client-key-0123456789";

async function run(...args: string[]) {
  const terminal = createCollectingTerminal();
  const exitCode = await runProgram(["dashboard", "--no-open", ...args], terminal);
  return { exitCode, stdout: terminal.out(), stderr: terminal.err() };
}

/** A configuration file with clients, whose proxy is at this port. */
function createClientsFile(port: number, clients: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "claude-proxy-dashboard-"));
  const path = join(folder, "config.yaml");
  const lines = clients.map((name) => `  ${name}: { key: ${name}-client-key }`);
  writeFileSync(
    path,
    `server: { port: ${port} }\nupstreams: { ollama: {} }\nclients:\n${lines.join("\n")}\n`,
    { mode: 0o600 },
  );
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

function startWithClients() {
  const file = createFileConfig({
    upstreams: [upstreamSettings("desk", upstream)],
    clients: [clientSettings("web-team"), clientSettings("night-batch")],
  });
  return startTestProxy(upstream, { settings: { file } });
}

test("without client keys the address of the page is printed", async () => {
  const proxy = await startTestProxy(upstream);
  using file = createSettingsFile(`PORT=${proxy.port}\n`);
  const result = await run("--env-file", file.path);
  await proxy.stop();
  expect(result).toEqual({ exitCode: 0, stdout: `${proxy.url}/dashboard\n`, stderr: "" });
});

test("with PROXY_API_KEY the address has a code that opens a session, and no key", async () => {
  const proxy = await startTestProxy(upstream, { settings: { proxyApiKey: key } });
  using file = createSettingsFile(`PORT=${proxy.port}\nPROXY_API_KEY=${key}\n`);
  const { exitCode, stdout, stderr } = await run("--env-file", file.path);
  const entered = await fetch(stdout.trim(), { redirect: "manual" });
  const page = await fetch(`${proxy.url}/dashboard`, { headers: { cookie: cookieOf(entered) } });
  await proxy.stop();
  expect([exitCode, stderr]).toEqual([0, "The link works for one minute, and once.\n"]);
  expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/dashboard\/enter\?code=[\w-]{43}\n$/);
  expect([entered.status, page.status]).toEqual([303, 200]);
});

test("of several clients one is named, and sees what is its own", async () => {
  const proxy = await startWithClients();
  using file = createClientsFile(proxy.port, ["web-team", "night-batch"]);
  const unnamed = await run("--config", file.path);
  const named = await run("--config", file.path, "--client", "night-batch");
  const unknown = await run("--config", file.path, "--client", "nobody");
  using one = createClientsFile(proxy.port, ["web-team"]);
  const only = await run("--config", one.path);
  await proxy.stop();
  expect(unnamed).toEqual({
    exitCode: 2,
    stdout: "",
    stderr:
      "Whose requests do you want to see? Run: claude-proxy dashboard --client NAME\nThere is: web-team, night-batch\n",
  });
  expect(unknown).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: "No client is named nobody. There is: web-team, night-batch\n",
  });
  for (const { exitCode, stdout } of [named, only])
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("/dashboard/enter?code=")]);
});

test("a client of a shared record has to bring its key", async () => {
  using file = createSettingsFile("PORT=9\nRECORD=postgres://u:canary-0123456789@127.0.0.1:9/d\n");
  expect(await run("--env-file", file.path, "--client", "ci")).toEqual({
    exitCode: 2,
    stdout: "",
    stderr:
      "No client is named ci. The settings name no clients.\n" +
      "A client of the shared record is not named: put its key into PROXY_API_KEY for this command.\n",
  });
});

test("what keeps it from a link is said, and what to do", async () => {
  const proxy = await startTestProxy(upstream, { settings: { proxyApiKey: key } });
  using keyless = createSettingsFile(`PORT=${proxy.port}\n`);
  using wrong = createSettingsFile(`PORT=${proxy.port}\nPROXY_API_KEY=canary-other-key\n`);
  const without = await run("--env-file", keyless.path);
  const withWrong = await run("--env-file", wrong.path);
  await proxy.stop();
  const gone = await run("--env-file", keyless.path);
  using other = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("hello") });
  const foreign = await run("--port", String(other.port), "--env-file", keyless.path);
  const settings = "Run this command with the settings of that proxy: --env-file or --config\n";
  const place = (port: number | undefined) => `http://127.0.0.1:${port}`;
  expect([without, withWrong, gone, foreign]).toEqual(
    [
      `The proxy at ${proxy.url} needs a client key.\n${settings}`,
      `The proxy at ${proxy.url} refuses the client key of these settings.\n${settings}`,
      `No claude-proxy answers at ${proxy.url}.\nStart it: claude-proxy serve. If it uses another port: claude-proxy dashboard --port 8081\n`,
      `What answers at ${place(other.port)} has no dashboard.\nIf it is an earlier claude-proxy, start it again with this version.\n`,
    ].map((stderr) => ({ exitCode: 1, stdout: "", stderr })),
  );
});

test("another server cannot make it open an address of its own", async () => {
  using other = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => Response.json({ path: "@evil.example/dashboard" }),
  });
  using file = createSettingsFile(`PORT=${other.port}\n`);
  expect((await run("--env-file", file.path)).stdout).toBe("");
});

/** Runs the program in a home of its own, with a program that opens addresses. */
async function runWithOpener(env: Record<string, string>, port: number, body = "exit 0") {
  const home = mkdtempSync(join(tmpdir(), "claude-proxy-opener-"));
  const programs = createFakePrograms(join(home, "bin"), { "xdg-open": body, open: body });
  const main = join(import.meta.dir, "../../src/main.ts");
  const child = Bun.spawn([process.execPath, "--no-env-file", main, "dashboard", "--port", String(port)], {
    cwd: home,
    env: { HOME: home, PATH: `${programs.folder}:${process.env["PATH"] ?? ""}`, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  const calls = programs.calls();
  rmSync(home, { recursive: true });
  return { exitCode, stdout, stderr, calls };
}

test.skipIf(process.platform !== "linux")("the page is opened where there is a screen", async () => {
  const proxy = await startTestProxy(upstream);
  const page = `${proxy.url}/dashboard`;
  const shown = { exitCode: 0, stdout: `${page}\n`, stderr: "" };
  const opened = await runWithOpener({ DISPLAY: ":0" }, proxy.port);
  const failed = await runWithOpener({ WAYLAND_DISPLAY: "wayland-0" }, proxy.port, "exit 3");
  const blind = await runWithOpener({}, proxy.port);
  await proxy.stop();
  expect(opened).toEqual({ ...shown, calls: [`xdg-open ${page}`] });
  expect(failed).toEqual({
    ...shown,
    stderr: "No browser could be opened here: open the address yourself.\n",
    calls: [`xdg-open ${page}`],
  });
  expect(blind).toEqual({ ...shown, calls: [] });
});
