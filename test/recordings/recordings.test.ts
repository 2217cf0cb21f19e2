import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { ProfileId } from "../../src/profiles/profile-ids.ts";
import { type Oracles, startOracles } from "../support/oracles.ts";
import { json, type Reply, sse } from "../support/reply.ts";
import { hello, readObject, startPair } from "../support/start-pair.ts";
import { objectOf, objectsOf } from "../support/strict/json.ts";
import { foldRecording } from "./fold-recording.ts";
import { expectedUsage, judge, listPaces, understand } from "./judge.ts";
import { manners } from "./manners.ts";
import { fixturesFolder, listRecordings, readAnswer, recordingsFolder } from "./read-answer.ts";

/** An answer of a real server, or a fixture written in the manner of one: the same must be true of both. */
interface Answer {
  name: string;
  profile: ProfileId;
  chunks: object[];
  isWhole: boolean;
}

function readFrom(folder: string, name: string, profile: ProfileId): Answer {
  return { name, profile, chunks: readAnswer(join(folder, name)), isWhole: name.endsWith(".json") };
}

function testAnswer({ name, profile, chunks, isWhole }: Answer): void {
  const folded = foldRecording(chunks);
  const settings = { upstreamProfile: profile };
  const replies: readonly (readonly [string, (chunks: object[]) => Reply])[] = isWhole
    ? [["whole", ([completion = {}]) => json(completion)]]
    : listPaces(sse);
  describe(name, () => {
    let oracles: Oracles;
    beforeAll(() => {
      oracles = startOracles();
    });
    afterAll(() => oracles.stop());

    test.each(replies)("%s, streamed", async (_, reply) => {
      await using pair = await startPair({ settings, lingerMs: 200 });
      pair.upstream.reply(reply(chunks));
      const response = await pair.post({ ...hello, stream: true });
      await judge(oracles, new Uint8Array(await response.arrayBuffer()), folded);
    });

    test("whole", async () => {
      await using pair = await startPair({ settings, lingerMs: 200 });
      pair.upstream.reply(isWhole ? json(chunks[0] ?? {}) : sse(chunks));
      const message = await readObject(await pair.post(hello));
      const { calls, ...said } = understand(objectsOf(message["content"]));
      const { usage: _, ...expected } = folded;
      expect<object>({
        ...said,
        calls: calls.map(({ name: tool, input }) => ({ name: tool, input })),
      }).toEqual(expected);
      expect(objectOf(message["usage"])).toMatchObject(expectedUsage(folded));
    });
  });
}

describe("fixture", () => {
  for (const { fixture, profile } of manners) testAnswer(readFrom(fixturesFolder, fixture, profile));
});

if (recordingsFolder === "") test.skip("recordings of real servers (RECORDINGS_DIR is not set)", () => {});
else
  describe("recording", () => {
    for (const name of listRecordings()) {
      const profile = manners.find(({ recording }) => recording === name)?.profile ?? "generic";
      testAnswer(readFrom(recordingsFolder, name, profile));
    }
  });
