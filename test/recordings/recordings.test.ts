import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { ProfileId } from "../../src/profiles/profile-ids.ts";
import { findGrammarFaults, parseWireEvents } from "../support/grammar.ts";
import { type Oracles, startOracles, type Understood } from "../support/oracles.ts";
import { json, type Reply, sse } from "../support/reply.ts";
import { hello, readObject, startPair } from "../support/start-pair.ts";
import { type Json, objectOf, objectsOf } from "../support/strict/json.ts";
import { foldRecording } from "./fold-recording.ts";
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

/** Cuts a body at uneven places, about so many. */
function unevenCuts(chunks: readonly object[], count: number): number[] {
  const length = chunks.reduce((sum, chunk) => sum + Buffer.byteLength(JSON.stringify(chunk)) + 8, 0);
  return Array.from({ length: count }, (_, index) => Math.floor(((index + 1) * length) / (count + 1.37)));
}

/** The ways in which a stream is played. */
const paces: readonly (readonly [string, (chunks: object[]) => Reply])[] = [
  ["at once", (chunks) => sse(chunks, { splitAt: [] })],
  ["event by event", (chunks) => sse(chunks)],
  [
    "in 7 pieces, slowly, without [DONE]",
    (chunks) => sse(chunks, { splitAt: unevenCuts(chunks, 6), paceMs: 15, done: false }),
  ],
  [
    "in 400 pieces, with CRLF",
    (chunks) => sse(chunks, { splitAt: unevenCuts(chunks, 400), lineEnd: "\r\n" }),
  ],
];

function understand(content: readonly Json[]): Understood {
  const textsOf = (type: string, member: string) =>
    content.flatMap((block) => (block["type"] === type ? [String(block[member])] : [])).join("");
  const uses = content.filter((block) => block["type"] === "tool_use");
  return {
    thinking: textsOf("thinking", "thinking"),
    text: textsOf("text", "text"),
    calls: uses.map(({ id, name, input }) => ({ id: String(id), name: String(name), input })),
  };
}

function expectedUsage({ usage }: ReturnType<typeof foldRecording>): object {
  const { prompt, cached, output } = usage;
  return { input_tokens: prompt - cached, cache_read_input_tokens: cached, output_tokens: output };
}

/** What the two oracles agree on, which must be what the answer says. */
async function judge(oracles: Oracles, bytes: Uint8Array, folded: ReturnType<typeof foldRecording>) {
  expect(findGrammarFaults(bytes)).toEqual([]);
  const text = new TextDecoder().decode(bytes);
  const understood = await oracles.askAnthropicSdk(text);
  expect(await oracles.askAiSdk(text)).toEqual(understood);
  const { usage: _, ...said } = folded;
  const calls = understood?.calls.map(({ name, input }) => ({ name, input }));
  expect<object>({ ...understood, calls }).toEqual(said);
  expect(parseWireEvents(bytes).at(-2)?.data["usage"]).toMatchObject(expectedUsage(folded));
}

function testAnswer({ name, profile, chunks, isWhole }: Answer): void {
  const folded = foldRecording(chunks);
  const settings = { upstreamProfile: profile };
  const replies: readonly (readonly [string, (chunks: object[]) => Reply])[] = isWhole
    ? [["whole", ([completion = {}]) => json(completion)]]
    : paces;
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
