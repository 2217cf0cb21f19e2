import { expect, test } from "bun:test";
import { createReloader, type ReloadReason } from "../../../src/cli/reload/create-reloader.ts";
import type { Config } from "../../../src/config/config.ts";
import { ConfigError } from "../../../src/config/config-error.ts";
import type { LoadedConfig } from "../../../src/config/load-config.ts";
import type { ConfigState } from "../../../src/server/config-state.ts";
import { clientSettings, createFileConfig, upstreamSettings } from "../../support/file-config.ts";
import { createTestConfig } from "../../support/test-config.ts";

const startedAt = new Date(2026, 10, 24, 9, 5, 7);
const readAt = new Date(2026, 10, 24, 9, 6, 0);
const upstreams = [upstreamSettings("desk", "http://127.0.0.1:9/v1")];
const ci = clientSettings("ci");
const web = clientSettings("web");
const path = createFileConfig({ upstreams }).path;

/** What a loader gives for a file with these clients. */
function loadedWith(clients = [ci], changes: Partial<Config> = {}, warnings: string[] = []): LoadedConfig {
  const file = createFileConfig({ upstreams, clients });
  const config = createTestConfig({ baseUrl: "https://a.test", logFilePath: "/tmp/log", file, ...changes });
  return {
    config: Object.freeze(config),
    sources: new Map(),
    warnings,
    secrets: file.secrets,
    clientKeyLine: null,
    clientKeys: [],
    configPath: path,
    envPath: null,
  };
}

const inForce = `INFO the changed configuration is in force {"file":"${path}"}`;
const unchanged = `INFO the configuration is unchanged {"file":"${path}"}`;
const notTaken = `ERROR the changed configuration is not taken over: the one read at 2026-11-24 09:05:07 stays in force {"file":"${path}"}`;

/** A reloader whose file holds what `file` says, with all that it did, in order. */
function create(started = loadedWith()) {
  const did: string[] = [];
  const applied: Config[] = [];
  const state: ConfigState = { path, loadedAt: startedAt, problem: null, waiting: [] };
  const log = (level: string) => (event: string, fields?: object) =>
    void did.push(`${level} ${event}${fields === undefined ? "" : ` ${JSON.stringify(fields)}`}`);
  let file: LoadedConfig | Error | (() => Promise<LoadedConfig>) = started;
  const reload = createReloader({
    started,
    load: () => {
      if (file instanceof Error) throw file;
      return typeof file === "function" ? file() : file;
    },
    apply: async (config) => {
      if (config.file?.clients.some(({ name }) => name === "unbearable")) throw new Error("no room");
      applied.push(config);
      did.push("applied");
    },
    logger: {
      info: log("INFO"),
      warn: log("WARN"),
      error: log("ERROR"),
      addSecrets: (secrets) => void did.push(`secrets ${secrets.length}`),
    },
    state,
    now: () => readAt,
  });
  return {
    state,
    applied,
    reload,
    /** Writes the file, has it read, and gives what was done since. */
    async write(next: typeof file, reason: ReloadReason = "edit"): Promise<string[]> {
      file = next;
      await reload(reason);
      return did.splice(0);
    },
  };
}

test("a good edit comes into force, and its secrets are known before that", async () => {
  const { write, state, applied } = create();
  expect(await write(loadedWith([ci, web]))).toEqual(["secrets 3", "applied", inForce]);
  expect(applied[0]?.file?.clients).toEqual([ci, web]);
  expect(state).toEqual({ path, loadedAt: readAt, problem: null, waiting: [] });
});

test("an edit that changes nothing is not mentioned, a signal is answered", async () => {
  const { write, applied } = create();
  expect(await write(loadedWith())).toEqual(["secrets 2"]);
  expect(await write(loadedWith(), "signal")).toEqual(["secrets 2", unchanged]);
  expect(applied).toEqual([]);
});

test("a bad edit keeps what is in force, says why once, and the next good one holds", async () => {
  const { write, state, applied } = create();
  const bad = new ConfigError(["config.yaml:1:1 one", "config.yaml:2:1 two"], "where settings are");
  const told = [notTaken, "ERROR config.yaml:1:1 one", "ERROR config.yaml:2:1 two"];
  expect(await write(bad)).toEqual(told);
  expect(state).toEqual({ path, loadedAt: startedAt, problem: bad.problems, waiting: [] });
  expect(await write(new ConfigError([...bad.problems], ""))).toEqual([]);
  expect(await write(bad, "signal")).toEqual(told);
  expect(await write(new ConfigError(["another"], ""))).toEqual([notTaken, "ERROR another"]);
  expect(applied).toEqual([]);
  expect(await write(loadedWith())).toEqual(["secrets 2", inForce]);
  expect(state.problem).toBeNull();
  expect(await write(bad)).toHaveLength(3);
});

test("of many problems twenty are told, and all are kept for status", async () => {
  const { write, state } = create();
  const problems = Array.from({ length: 30 }, (_, index) => `problem ${index}`);
  const told = await write(new ConfigError(problems, ""));
  expect([told.length, told.at(-2), told.at(-1)]).toEqual([
    22,
    "ERROR problem 19",
    "ERROR and 10 more problems",
  ]);
  expect(state.problem).toEqual(problems);
});

test("a file that is gone changes nothing: without it anybody could ask another upstream", async () => {
  const { write, applied } = create();
  const withoutFile = loadedWith([], { file: null });
  expect(await write(withoutFile)).toEqual([
    notTaken,
    `ERROR ${path}: there is no such file any more. Put it back, or start the proxy again to do without it.`,
  ]);
  expect(applied).toEqual([]);
});

test("a setting that waits for the next start does not warn of what it will do then", async () => {
  const { write } = create();
  const debug = loadedWith([ci], { logLevel: "DEBUG" }, [
    "LOG_LEVEL is DEBUG: prompts are written",
    "a risk",
  ]);
  expect(await write(debug)).toEqual([
    "secrets 2",
    "WARN a risk",
    "WARN changed, but read only when the proxy starts: log_level",
  ]);
});

test("another file in the place of the first is for the next start", async () => {
  const { write, applied } = create();
  const other = createFileConfig({ path: "/elsewhere/config.yaml", upstreams });
  expect(await write(loadedWith([], { file: other }))).toEqual([
    notTaken,
    `ERROR /elsewhere/config.yaml is named now in the place of ${path}: start the proxy again`,
  ]);
  expect(applied).toEqual([]);
});

test("a file that cannot be read, or brought into force, is a problem in words", async () => {
  const { write } = create();
  expect(await write(new Error("EIO"))).toEqual([notTaken, "ERROR The configuration cannot be read: EIO"]);
  const told = await write(loadedWith([clientSettings("unbearable")]));
  expect(told).toEqual([
    "secrets 2",
    notTaken,
    "ERROR The configuration cannot be brought into force: no room",
  ]);
});

test("what only a start reads is named once, and stays as it was", async () => {
  const { write, state, applied } = create();
  const moved = { port: 9999, host: "127.0.0.2", recordDays: 1, maxOutputTokens: 5 };
  const waiting = "WARN changed, but read only when the proxy starts: host, port, record_days";
  expect(await write(loadedWith([ci], moved))).toEqual(["secrets 2", "applied", inForce, waiting]);
  expect(applied[0]).toMatchObject({ host: "127.0.0.1", port: 0, maxOutputTokens: 5 });
  expect(state.waiting).toEqual(["host", "port", "record_days"]);
  expect(await write(loadedWith([ci, web], moved))).toEqual(["secrets 3", "applied", inForce]);
  expect(await write(loadedWith([ci, web], { maxOutputTokens: 5 }))).toEqual(["secrets 3"]);
  expect(state.waiting).toEqual([]);
});

test("new warnings are told, known ones are not", async () => {
  const { write } = create(loadedWith([ci], {}, ["old"]));
  expect(await write(loadedWith([ci, web], {}, ["old", "new"]))).toContain("WARN new");
  expect(await write(loadedWith([ci], {}, ["old", "new"]))).toEqual(["secrets 2", "applied", inForce]);
});

test("a proxy that others can reach does not lose its last client, whatever the new host", async () => {
  const started = loadedWith([ci], { host: "0.0.0.0" });
  const { write, applied } = create(started);
  const [head, problem] = await write(loadedWith([], { host: "127.0.0.1" }));
  expect(head).toBe(notTaken);
  expect(problem).toStartWith("ERROR clients: the proxy listens on 0.0.0.0, where others can reach it");
  expect(applied).toEqual([]);
  expect(await write(loadedWith([], { host: "0.0.0.0", proxyApiKey: "key-of-default" }))).toContain(
    "applied",
  );
});

test("a reload that is asked for during another one comes after it", async () => {
  const { write, reload, applied } = create();
  const slow = Promise.withResolvers<LoadedConfig>();
  const first = write(() => slow.promise);
  const second = reload("edit");
  slow.resolve(loadedWith([ci, web]));
  await Promise.all([first, second]);
  expect(applied.map(({ file }) => file?.clients.length)).toEqual([2]);
});
