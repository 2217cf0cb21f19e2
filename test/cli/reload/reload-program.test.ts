import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chunk, completionOf, stopChunk, usageChunk } from "../../support/chunks.ts";
import { type BodyStep, json, sseOf } from "../../support/reply.ts";
import { soonMs } from "../../support/soon-ms.ts";
import { hello } from "../../support/start-pair.ts";
import { type RunningProgram, startProgram } from "../../support/start-program.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

const main = join(import.meta.dir, "../../../src/main.ts");

let folder: string;
let path: string;
let upstream: Upstream;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "reload-"));
  path = join(folder, "config.yaml");
  upstream = await startUpstream();
  upstream.respondWith(() => json(completionOf({ text: "hello" })));
});

afterEach(async () => {
  await upstream.stop();
  rmSync(folder, { recursive: true, force: true });
});

const keyOf = (client: string) => `${client}-client-key-0123456789`;

/** The file with these clients. */
function textWith(clients: readonly string[], more = ""): string {
  const lines = clients.map((client) => `  ${client}: { key: ${keyOf(client)} }\n`);
  const upstreams = `upstreams:\n  desk: { url: "${upstream.baseUrl}", profile: generic }\n`;
  return `${upstreams}routes: { default: desk/big-model }\nclients:\n${lines.join("")}${more}`;
}

/** Writes the file as editors do: beside it, and then into its place. */
function save(text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function ask(url: string, client: string, body: object = hello): Promise<Response> {
  return fetch(`${url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": keyOf(client) },
    body: JSON.stringify(body),
  });
}

/** Waits until it holds; fails when it takes too long. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + soonMs;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error("it has not come about");
    await Bun.sleep(20);
  }
}

const statusIs = async (program: RunningProgram, client: string, status: number) => {
  const response = await ask(program.url, client);
  await response.arrayBuffer();
  return response.status === status;
};

const countOf = (text: string, part: string) => text.split(part).length - 1;

const start = () => startProgram(upstream.baseUrl, { CONFIG_FILE: path });

test("whoever is taken out of the file is shut out soon after, and whoever is added is let in", async () => {
  save(textWith(["ci", "web"]));
  await using program = await start();
  expect(await statusIs(program, "ci", 200)).toBe(true);
  save(textWith(["web", "desk-team"]));
  await until(() => statusIs(program, "ci", 401));
  expect(await statusIs(program, "desk-team", 200)).toBe(true);
  expect(await statusIs(program, "web", 200)).toBe(true);
  await until(() => program.output().includes("the changed configuration is in force"));
  expect(program.output() + JSON.stringify(program.records())).not.toContain("client-key-0123456789");
});

test("an answer that runs when its client is taken out comes to its end", async () => {
  let mayGoOn = false;
  const event = (value: object) => new TextEncoder().encode(`data: ${JSON.stringify(value)}\n\n`);
  const slow = function* (): Generator<BodyStep> {
    yield event(chunk({ content: "one" }));
    while (!mayGoOn) yield { waitMs: 10 };
    for (const one of [chunk({ content: " two" }), stopChunk, usageChunk()]) yield event(one);
    yield new TextEncoder().encode("data: [DONE]\n\n");
  };
  save(textWith(["ci", "web"]));
  await using program = await start();
  upstream.reply(sseOf(slow()));
  const response = await ask(program.url, "ci", { ...hello, stream: true });
  save(textWith(["web"]));
  await until(() => statusIs(program, "ci", 401));
  mayGoOn = true;
  expect(await response.text()).toContain("message_stop");
});

test("a bad edit changes nothing and is told once, on the console, in the log and in the status", async () => {
  save(textWith(["ci"]));
  await using program = await start();
  const fault = "clients.ci.kex";
  const notTaken = "the changed configuration is not taken over";
  save(textWith(["web"], "  ci: { kex: x }\n"));
  await until(() => program.output().includes(fault));
  expect(await statusIs(program, "ci", 200)).toBe(true);
  expect(await statusIs(program, "web", 401)).toBe(true);
  const asked = await fetch(`${program.url}/status`, { headers: { "x-api-key": keyOf("ci") } });
  expect(await asked.json()).toMatchObject({
    config: { path, problem: expect.arrayContaining([expect.stringContaining(fault)]) },
  });
  // Once more the same, and then one that holds: whatever the first would have said has been said by then.
  save(textWith(["web"], "  ci: { kex: x }\n"));
  await Bun.sleep(700);
  save(textWith(["ci", "web"]));
  await until(() => statusIs(program, "web", 200));
  expect(countOf(program.output(), notTaken)).toBe(1);
  const events = program.records().map(({ event }) => String(event));
  expect(events.filter((one) => one.startsWith(notTaken))).toHaveLength(1);
  expect(events.some((one) => one.includes(fault))).toBe(true);
});

test.skipIf(process.platform === "win32")(
  "[F17] SIGHUP reads the file, and says so when nothing is new",
  async () => {
    save(textWith(["ci"]));
    await using program = await start();
    program.kill("SIGHUP");
    await until(() => program.output().includes("the configuration is unchanged"));
    save("upstreams: [");
    program.kill("SIGHUP");
    await until(() => program.output().includes("is not taken over"));
    expect(await statusIs(program, "ci", 200)).toBe(true);
    expect(program.exitCode()).toBeNull();
    program.kill("SIGTERM");
    expect(await program.exited).toBe(0);
  },
);

test.skipIf(process.platform === "win32")(
  "[F17] SIGHUP from a terminal that is there reads the file, and its end ends the program",
  async () => {
    save(textWith(["ci"]));
    let output = "";
    const child = Bun.spawn([process.execPath, "--no-env-file", main, "serve"], {
      cwd: folder,
      env: { PATH: process.env["PATH"] ?? "", HOME: folder, PORT: "0", CONFIG_FILE: path },
      terminal: {
        cols: 80,
        rows: 24,
        data: (_, bytes) => {
          output += new TextDecoder().decode(bytes);
        },
      },
    });
    try {
      await until(() => output.includes("Run Claude Code with it"));
      child.kill("SIGHUP");
      await until(() => output.includes("the configuration is unchanged"));
      expect(child.exitCode).toBeNull();
      child.terminal?.close();
      expect(await child.exited).toBe(0);
    } finally {
      child.kill("SIGKILL");
    }
  },
);
