import { afterEach, beforeEach, expect } from "bun:test";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startAnthropicModel } from "../support/anthropic-model.ts";
import type { Upstream } from "../support/upstream.ts";
import {
  createRunEnvironment,
  openRunPlace,
  type RunPlace,
  runCommand,
  writeUserConfig,
} from "./run-environment.ts";
import { readResult } from "./session.ts";
import { startTap, type Tap } from "./start-tap.ts";
import { buildForTests, testClient } from "./test-client.ts";

/** The login of a person, which nobody but Anthropic may see. */
const token = "sk-ant-oat01-canary7f3a9c2e51d84b60aa17";
const refreshToken = "sk-ant-ort01-canary7f3a9c2e51d84b60aa17";
/** A key of ours, by which the program knows its clients. */
const ownKey = "me-client-key-5f0d2c7b";

const binary = buildForTests();
let anthropic: Upstream;
/** Between the program and Anthropic. */
let way: Tap;
let place: RunPlace & AsyncDisposable;

beforeEach(async () => {
  place = await openRunPlace();
  anthropic = await startAnthropicModel(() => ({ text: "Hello." }));
  way = await startTap(anthropic.baseUrl);
  // By its own name, it is the host that gets every byte.
  const file = `
upstreams:
  anthropic: { url: "http://api.anthropic.com/v1", key: client, http_proxy: "${way.url}" }
routes: { default: anthropic/* }
clients: { me: { key: ${ownKey} } }
`;
  await writeUserConfig(place, file);
  const login = {
    accessToken: token,
    refreshToken,
    expiresAt: Date.now() + 8 * 60 * 60_000,
    scopes: ["user:inference", "user:profile"],
    subscriptionType: "max",
  };
  await mkdir(join(place.home, ".claude"));
  await writeFile(join(place.home, ".claude/.credentials.json"), JSON.stringify({ claudeAiOauth: login }), {
    mode: 0o600,
  });
});

afterEach(async () => {
  await way.stop();
  await anthropic.stop();
  await place[Symbol.asyncDispose]();
});

/** The files of the home in which one of the texts stands. */
async function findFiles(...texts: readonly string[]): Promise<string[]> {
  const entries = await readdir(place.home, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => join(parentPath, name));
  const found = await Promise.all(
    files.map(async (path) => {
      const content = await Bun.file(path).text();
      return texts.some((text) => content.includes(text)) ? [path.slice(place.home.length + 1)] : [];
    }),
  );
  return found.flat().toSorted();
}

for (const version of ["2.1.330", "newest"] as const) {
  for (const file of ["settings.json", "settings.local.json"]) {
    testClient(
      version,
      `comes to the proxy with its key, though ${file} of a project leads elsewhere`,
      async () => {
        const env = await createRunEnvironment(version, place);
        const settings = {
          env: { ANTHROPIC_BASE_URL: "http://127.0.0.1:1", ANTHROPIC_CUSTOM_HEADERS: "anthropic-theirs: 1" },
        };
        await Bun.write(join(place.work, ".claude", file), JSON.stringify(settings));
        const words = ["run", "--", "-p", "Say hello.", "--model", "sonnet", "--output-format", "json"];
        const ended = await runCommand([binary.path, ...words], place, env);
        expect(readResult(ended)).toMatchObject({ is_error: false, result: "Hello." });
        const sent = way.seen.filter(({ path }) => path.includes("/v1/messages"));
        expect(new Set(sent.map(({ headers }) => headers["authorization"]))).toEqual(
          new Set([`Bearer ${token}`]),
        );
        expect(JSON.stringify(way.seen)).not.toContain(ownKey);
        expect(await findFiles(ownKey)).toEqual([".config/claude-proxy/config.yaml"]);
      },
    );
  }
  for (const settings of [null, { env: { ANTHROPIC_CUSTOM_HEADERS: "anthropic-mine: 1" } }]) {
    const how =
      settings === null ? "its user's own login" : "it, though his settings have headers of their own";
    testClient(version, `keeps ${how} through run, and the proxy's key goes nowhere`, async () => {
      const env = await createRunEnvironment(version, place);
      if (settings !== null)
        await Bun.write(join(place.home, ".claude/settings.json"), JSON.stringify(settings));
      const ended = await runCommand(
        [binary.path, "run", "--", "-p", "Say hello.", "--model", "sonnet", "--output-format", "json"],
        place,
        env,
      );
      const { stdout, stderr, exitCode } = ended;
      expect(readResult(ended)).toMatchObject({ is_error: false, result: "Hello." });
      expect([exitCode, stderr]).toEqual([0, ""]);
      const sent = way.seen.filter(({ path }) => path.includes("/v1/messages"));
      expect(sent.map(({ headers }) => [headers["authorization"], headers["anthropic-mine"]])).toEqual(
        sent.map(() => [`Bearer ${token}`, settings === null ? undefined : "1"]),
      );
      expect(sent.length).toBeGreaterThan(0);
      expect(String(sent[0]?.headers["anthropic-beta"])).toContain("oauth-");
      expect(JSON.stringify(way.seen)).not.toContain(ownKey);
      expect(await findFiles(token, refreshToken)).toEqual([".claude/.credentials.json"]);
      expect(await findFiles(ownKey)).toEqual([".config/claude-proxy/config.yaml"]);
      expect(`${stdout}${stderr}`).not.toContain("canary");
    });
  }
}
