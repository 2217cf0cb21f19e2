import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../../src/cli/run-program.ts";
import { startProgram } from "../../support/start-program.ts";
import { createCollectingTerminal } from "../collecting-terminal.ts";
import { startBrokenUpstream } from "./broken-upstream.ts";

/** Runs `doctor` with a configuration file. */
async function run(text: string, ...args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "doctor-file-"));
  try {
    const path = join(folder, "config.yaml");
    writeFileSync(path, `server: { port: 0 }\n${text}`, { mode: 0o600 });
    const terminal = createCollectingTerminal();
    const exitCode = await runProgram(["doctor", "--config", path, "--time-limit", "20", ...args], terminal);
    return { exitCode, out: terminal.out(), err: terminal.err() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Told {
  readonly target: string;
  readonly protocol: string;
  readonly skipped: string | null;
  readonly checks: readonly { readonly id: string; readonly standing: string }[];
}

const targetsOf = (out: string): Told[] => JSON.parse(out).targets;
const idsWith = ({ checks }: Told, standing: string) =>
  checks.filter((check) => check.standing === standing).map(({ id }) => id);

test("each model of the file is tried once, at its own upstream, whatever the cases say", async () => {
  await using first = startBrokenUpstream();
  await using second = startBrokenUpstream({ request: () => "Nothing is taken here." });
  const { exitCode, out } = await run(
    `upstreams:
  one: { url: "${first.url}", key: canary-one-0123456789, profile: generic, models: { short: a/long-id } }
  two: { url: "${second.url}", key: canary-two-0123456789, profile: generic }
cases:
  - when: { images: true }
    to: two/eyes
routes:
  default: [one/short, two/other]
  opus: one/a/long-id
clients:
  me: { key: canary-client-0123456789 }
`,
    "--yes",
    "--json",
  );
  const targets = targetsOf(out);
  expect(targets.map(({ target }) => target)).toEqual(["one/a/long-id", "two/other", "two/eyes"]);
  expect(targets.map((one) => idsWith(one, "fails"))).toEqual([[], ["text"], ["text"]]);
  expect([...new Set(first.requests.map(({ model }) => model))]).toEqual(["a/long-id"]);
  expect(second.requests.map(({ model }) => model)).toEqual(["other", "eyes"]);
  expect(exitCode).toBe(1);
  expect(out).not.toContain("canary");
});

test("an upstream of Anthropic's own wire is tried too, and one that wants the client's login is not", async () => {
  await using upstream = startBrokenUpstream();
  await using program = await startProgram(upstream.url, {
    RECORD: "off",
    UPSTREAM_PROFILE: "openai",
    UPSTREAM_PROTOCOL: "chat",
  });
  const { exitCode, out } = await run(
    `upstreams:
  front: { url: "${program.url}", protocol: anthropic, key: example-key }
  own: { url: "${program.url}/v1", protocol: anthropic, key: client }
routes:
  default: front/claude-opus-5
  opus: own/claude-opus-5
`,
    "--yes",
    "--json",
  );
  const [front, own] = targetsOf(out);
  expect([front?.protocol, front && idsWith(front, "pass")]).toEqual([
    "anthropic",
    [
      "text",
      "usage",
      "tool",
      "parallel",
      "forced",
      "round-trip",
      "stop",
      "image",
      "pdf",
      "structured",
      "long-name",
      "many-tools",
      "system",
    ],
  ]);
  expect([own?.skipped, own?.checks]).toEqual([
    "it is asked with the login of Claude Code, which doctor does not have",
    [],
  ]);
  expect(exitCode).toBe(0);
});

test("a window that the file says and the upstream has not", async () => {
  await using upstream = startBrokenUpstream({ models: { data: [{ id: "m", context_length: 32768 }] } });
  const { exitCode, out } = await run(
    `upstreams:
  one: { url: "${upstream.url}", key: example-key, profile: generic }
routes:
  default: one/m
models:
  one/m: { window: 200000 }
`,
    "--yes",
  );
  expect(out).toContain(
    "  fails        context window        the upstream says 32768 tokens, config.yaml says 200000 tokens\n",
  );
  expect(exitCode).toBe(1);
});

test("a target that is named alone is tried, and one that is none is refused", async () => {
  await using upstream = startBrokenUpstream();
  const file = `upstreams:
  one: { url: "${upstream.url}", key: example-key, profile: generic }
routes:
  default: one/m
`;
  const named = await run(file, "one/other", "--yes", "--json");
  expect(targetsOf(named.out).map(({ target }) => target)).toEqual(["one/other"]);
  expect(await run(file, "two/other", "--yes")).toEqual({
    exitCode: 2,
    out: "",
    err: '"two/other" is no target. It is written upstream/model, and the upstreams are: one\n',
  });
});

test("a file that names no model", async () => {
  const { exitCode, err } = await run(
    'upstreams:\n  one: { url: "http://127.0.0.1:9/v1", key: example-key }\nroutes:\n  default: "one/*"\n',
    "--yes",
  );
  expect([exitCode, err]).toEqual([
    2,
    "The configuration names no model, only stars. Name one: claude-proxy doctor upstream/model\n",
  ]);
});
