import { describe, expect, test } from "bun:test";
import { chunk, chunksOf, completionOf, stopChunk } from "../support/chunks.ts";
import { type BodyStep, json, silence, sse, sseOf } from "../support/reply.ts";
import { soonMs } from "../support/soon-ms.ts";
import { hello } from "../support/start-pair.ts";
import { type RunningProgram, startProgram } from "../support/start-program.ts";
import { objectOf } from "../support/strict/json.ts";
import { startUpstream } from "../support/upstream.ts";
import { readAnswer } from "./answer.ts";
import { whole } from "./outcomes.ts";
import {
  clientKey,
  readInstanceSettings,
  type ServerInFront,
  serversInFront,
  startServerInFront,
} from "./server-in-front.ts";

/** Three proxies as a company runs them, at an address that others reach, behind the server; each has a model of its own. */
async function startTeam(server: ServerInFront) {
  const upstream = await startUpstream();
  const settings = readInstanceSettings();
  const programs = await Promise.all(
    [0, 1, 2].map((index) => {
      const model = `model-${index}`;
      const models = { BIG_MODEL_NAME: model, MEDIUM_MODEL_NAME: model, SMALL_MODEL_NAME: model };
      return startProgram(upstream.baseUrl, { ...settings, ...models });
    }),
  );
  const front = await startServerInFront(
    server,
    programs.map(({ port }) => port),
  );
  const post = (body: object, { signal, session }: { signal?: AbortSignal; session?: string } = {}) =>
    fetch(`${front.url}/v1/messages`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-api-key": clientKey,
        ...(session === undefined ? {} : { "x-claude-code-session-id": session }),
      },
      body: JSON.stringify(body),
      keepalive: false,
      tls: { ca: front.authority },
      ...(signal === undefined ? {} : { signal }),
    });
  return {
    upstream,
    programs,
    post,
    [Symbol.asyncDispose]: async () => {
      await front[Symbol.asyncDispose]();
      for (const program of programs) await program[Symbol.asyncDispose]();
      await upstream.stop();
    },
  };
}

async function isBusy({ port }: RunningProgram): Promise<boolean> {
  const status = objectOf(await (await fetch(`http://127.0.0.1:${port}/`)).json());
  return status["running_requests"] !== 0;
}

for (const server of serversInFront) {
  describe.skipIf(server.path === null)(`${server.name}, by the configuration in docs/operations.md`, () => {
    test("an event is at the client before the upstream says the next one", async () => {
      await using team = await startTeam(server);
      let heard = "";
      let wasHeardInTime = true;
      const event = (value: object) => new TextEncoder().encode(`data: ${JSON.stringify(value)}\n\n`);
      const body = function* (): Generator<BodyStep> {
        for (const word of ["one ", "two ", "three "]) {
          yield event(chunk({ content: word }));
          for (let waits = 0; waits < 200 && !heard.includes(word); waits += 1) yield { waitMs: 10 };
          wasHeardInTime &&= heard.includes(word);
        }
        yield event(stopChunk);
      };
      team.upstream.reply(sseOf(body()));
      const response = await team.post({ ...hello, stream: true });
      const decoder = new TextDecoder();
      for await (const bytes of response.body ?? []) heard += decoder.decode(bytes, { stream: true });
      expect([wasHeardInTime, heard.includes("event: message_stop")]).toEqual([true, true]);
    }, 20_000);

    test("large requests pass, many streams are spread over all instances, with no session in any", async () => {
      await using team = await startTeam(server);
      team.upstream.respondWith(() => sse(chunksOf({ text: "one two three" }), { paceMs: 20 }));
      const content = "x".repeat(8_000_000);
      const large = { ...hello, stream: true, messages: [{ role: "user", content }] };
      const bodies = [large, ...Array.from({ length: 59 }, () => ({ ...hello, stream: true }))];
      const answers = await Promise.all(bodies.map(async (body) => readAnswer(await team.post(body))));
      for (const { outcome, faults } of answers) {
        expect(outcome).toEqual(whole("one two three"));
        expect(faults).toEqual([]);
      }
      const records = await Promise.all(team.programs.map((program) => program.requestRecords(6)));
      expect(Math.min(...records.map(({ length }) => length))).toBeGreaterThan(5);
    }, 20_000);

    test("a client that leaves is gone for the upstream, too", async () => {
      await using team = await startTeam(server);
      team.upstream.reply(silence());
      const controller = new AbortController();
      const answer = team.post({ ...hello, stream: true }, { signal: controller.signal }).catch(() => "left");
      const request = await team.upstream.request(0);
      const leftAtMs = performance.now();
      controller.abort();
      expect(await answer).toBe("left");
      expect(Number(await request.closedByPeer) - leftAtMs).toBeWithin(0, soonMs);
    }, 20_000);

    test("an instance that is down is noticed by nobody, and nothing that was sent is sent again", async () => {
      await using team = await startTeam(server);
      team.upstream.reply(silence());
      const broken = team.post(hello);
      await team.upstream.request(0);
      const areBusy = await Promise.all(team.programs.map(isBusy));
      team.programs[areBusy.indexOf(true)]?.kill("SIGKILL");
      expect((await broken).status).toBe(502);
      expect(team.upstream.requests.length).toBe(1);
      team.upstream.respondWith(() => json(completionOf({ text: "served" })));
      for (let asked = 0; asked < 9; asked += 1) {
        expect((await readAnswer(await team.post(hello))).outcome).toEqual(whole("served"));
      }
    }, 20_000);

    test("a session stays at its instance; when one is killed, only its own sessions move", async () => {
      await using team = await startTeam(server);
      team.upstream.respondWith(({ body }) => json(completionOf({ text: String(objectOf(body)["model"]) })));
      const sessions = Array.from({ length: 60 }, () => crypto.randomUUID());
      /** Asks once in each session, and says whose model answered it. */
      const place = async () => {
        const answers = await Promise.all(
          sessions.map(async (session) => readAnswer(await team.post(hello, { session }))),
        );
        return answers.map(({ outcome }) => outcome.text);
      };
      const before = await place();
      expect(await place()).toEqual(before);
      expect([...new Set(before)].sort()).toEqual(["model-0", "model-1", "model-2"]);
      team.programs[1]?.kill("SIGKILL");
      await team.programs[1]?.exited;
      const after = await place();
      expect(await place()).toEqual(after);
      expect([...new Set(after)].sort()).toEqual(["model-0", "model-2"]);
      const hasStayed = (_: string, index: number) => before[index] !== "model-1";
      expect(after.filter(hasStayed)).toEqual(before.filter(hasStayed));
      expect(team.upstream.requests.length).toBe(4 * sessions.length);
    }, 30_000);
  });
}
