import { describe, expect, test } from "bun:test";
import { chunksOf } from "../support/chunks.ts";
import { findFreePort } from "../support/find-free-port.ts";
import { sse } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { type RunningProgram, startProgram } from "../support/start-program.ts";
import { startUpstream } from "../support/upstream.ts";
import { readAnswer } from "./answer.ts";
import { whole } from "./outcomes.ts";
import { clientKey, readInstanceSettings, serversInFront, startServerInFront } from "./server-in-front.ts";

const streams = 200;
/** A stream says ten words and takes 2 s. */
const paceMs = 200;
const textOf = (number: number) => Array.from({ length: 10 }, (_, index) => `${number}.${index}`).join(" ");

/** The number that a client gave its request, as the upstream was sent it. */
function readNumber(body: unknown): number {
  return Number(/request (\d+)/.exec(JSON.stringify(body))?.[1]);
}

for (const server of serversInFront) {
  describe.skipIf(server.path === null)(`${server.name}, by the configuration in docs/operations.md`, () => {
    test("three instances are restarted in turn under 200 streams, and none breaks", async () => {
      await using upstream = await startDisposableUpstream();
      upstream.respondWith(({ body }) => sse(chunksOf({ text: textOf(readNumber(body)) }), { paceMs }));
      const ports = await Promise.all([findFreePort(), findFreePort(), findFreePort()]);
      const start = (port: number) =>
        startProgram(upstream.baseUrl, { ...readInstanceSettings(), PORT: String(port), LOG_LEVEL: "WARN" });
      const programs: RunningProgram[] = await Promise.all(ports.map(start));
      const front = await startServerInFront(server, ports);
      let sent = 0;
      let isOver = false;
      const faults: unknown[] = [];

      const post = (session: string, number: number) =>
        fetch(`${front.url}/v1/messages`, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "x-api-key": clientKey,
            "x-claude-code-session-id": session,
          },
          body: JSON.stringify({
            ...hello,
            stream: true,
            messages: [{ role: "user", content: `request ${number}` }],
          }),
          tls: { ca: front.authority },
        });
      /** One session, which asks again whenever it was answered. */
      const ask = async () => {
        const session = crypto.randomUUID();
        while (!isOver) {
          sent += 1;
          const number = sent;
          const found = await post(session, number)
            .then(readAnswer)
            .then(({ outcome, faults }) => [outcome, faults])
            .catch(String);
          if (!Bun.deepEquals(found, [whole(textOf(number)), []])) faults.push([number, found]);
        }
      };
      const clients = Promise.all(Array.from({ length: streams }, ask));
      try {
        await upstream.request(streams - 1);
        for (const [index, port] of ports.entries()) {
          const before = programs[index];
          before?.kill("SIGTERM");
          expect(await before?.exited).toBe(0);
          programs[index] = await start(port);
          await before?.[Symbol.asyncDispose]();
        }
      } finally {
        isOver = true;
        await clients;
        await front[Symbol.asyncDispose]();
        for (const program of programs) await program[Symbol.asyncDispose]();
      }
      expect(faults).toEqual([]);
      expect(upstream.requests.map(({ body }) => readNumber(body)).sort((a, b) => a - b)).toEqual(
        Array.from({ length: sent }, (_, index) => index + 1),
      );
    }, 120_000);
  });
}

async function startDisposableUpstream() {
  const upstream = await startUpstream();
  return { ...upstream, [Symbol.asyncDispose]: upstream.stop };
}
