import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chunk, chunksOf, stopChunk, usageChunk } from "../support/chunks.ts";
import { type BodyStep, sse, sseOf } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { startUpstream } from "../support/upstream.ts";

const main = join(import.meta.dir, "../../src/main.ts");

/** An empty home, an upstream, and what `serve` needs to run with them. */
async function prepare() {
  const upstream = await startUpstream();
  const home = mkdtempSync(join(tmpdir(), "claude-proxy-hang-up-"));
  const logFile = join(home, "claude-proxy.log");
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    PORT: "0",
    BASE_URL: upstream.baseUrl,
    OPENAI_API_KEY: "sk-upstream-key",
    BIG_MODEL_NAME: "big-model",
    SMALL_MODEL_NAME: "small-model",
    UPSTREAM_PROFILE: "generic",
    LOG_FILE_PATH: logFile,
  };
  return {
    upstream,
    options: { cwd: home, env },
    records: () =>
      (existsSync(logFile) ? readFileSync(logFile, "utf8") : "")
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line))
        .filter(({ event }) => event === "request"),
    [Symbol.asyncDispose]: async () => {
      await upstream.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Collects what is written, and gives the server's address once it is told. */
function createListener() {
  const { promise: url, resolve } = Promise.withResolvers<string>();
  let output = "";
  return {
    url,
    hear: (bytes: Uint8Array) => {
      output += new TextDecoder().decode(bytes);
      const told = /listens at (http:\/\/[\d.:]+)/.exec(output)?.[1];
      if (told !== undefined) resolve(told);
    },
  };
}

function post(url: string): Promise<Response> {
  return fetch(`${url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...hello, stream: true }),
  });
}

test.skipIf(process.platform === "win32")(
  "[F17] a terminal that is closed ends the program as SIGTERM does, with the stream that runs and its record",
  async () => {
    await using place = await prepare();
    const { url: started, hear } = createListener();
    let mayGoOn = false;
    const event = (value: object) => new TextEncoder().encode(`data: ${JSON.stringify(value)}\n\n`);
    const slow = function* (): Generator<BodyStep> {
      yield event(chunk({ content: "one" }));
      while (!mayGoOn) yield { waitMs: 10 };
      for (const one of [chunk({ content: " two" }), stopChunk, usageChunk()]) yield event(one);
      yield new TextEncoder().encode("data: [DONE]\n\n");
    };
    place.upstream.reply(sseOf(slow()));
    const child = Bun.spawn([process.execPath, "--no-env-file", main, "serve"], {
      ...place.options,
      terminal: { cols: 80, rows: 24, data: (_terminal, bytes) => hear(bytes) },
    });
    try {
      const response = await post(await started);
      child.terminal?.close();
      await Bun.sleep(300);
      expect(child.exitCode).toBeNull();
      mayGoOn = true;
      expect(await response.text()).toContain("message_stop");
      expect(await child.exited).toBe(0);
      expect(place.records()).toMatchObject([{ status: 200, stopReason: "end_turn" }]);
    } finally {
      child.kill("SIGKILL");
    }
  },
);

test.skipIf(process.platform === "win32")(
  "[F17] a program that was started to live through the end of its terminal does so",
  async () => {
    await using place = await prepare();
    const { url: started, hear } = createListener();
    place.upstream.reply(sse(chunksOf({ text: "still here" })));
    const command = [process.execPath, "--no-env-file", main, "serve"];
    const child = Bun.spawn(["sh", "-c", 'trap "" HUP; exec "$@"', "sh", ...command], {
      ...place.options,
      stdout: "pipe",
      stderr: "ignore",
    });
    const listening = (async () => {
      for await (const bytes of child.stdout) hear(bytes);
    })();
    try {
      const url = await started;
      child.kill("SIGHUP");
      await Bun.sleep(200);
      expect(await (await post(url)).text()).toContain("message_stop");
      expect(child.exitCode).toBeNull();
      child.kill("SIGTERM");
      expect(await child.exited).toBe(0);
      await listening;
    } finally {
      child.kill("SIGKILL");
    }
  },
);
