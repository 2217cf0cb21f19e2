import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ProfileId } from "../../src/profiles/profile.ts";
import { findGrammarFaults, parseWireEvents } from "../support/grammar.ts";
import { type Oracles, startOracles, type Understood } from "../support/oracles.ts";
import { json, type Reply, sse } from "../support/reply.ts";
import { hello, readObject, startPair } from "../support/start-pair.ts";
import { type Json, objectOf, objectsOf } from "../support/strict/json.ts";
import { foldRecording } from "./fold-recording.ts";

/**
 * Answers of real servers, from the folder that RECORDINGS_DIR names: `*.chunks.txt` with one chunk of a stream a
 * line, `*.json` with a whole completion. The server's name is the first word of a file's name.
 */
const folder = process.env["RECORDINGS_DIR"] ?? "";

const profiles: Readonly<Record<string, ProfileId>> = {
  alibaba: "qwen",
  deepseek: "deepseek",
  groq: "groq",
  mistral: "mistral",
  moonshotai: "kimi",
  openai: "openai",
  xai: "xai",
};

interface Recording {
  name: string;
  profile: ProfileId;
  chunks: object[];
  isWhole: boolean;
}

function readRecording(name: string): Recording {
  const text = readFileSync(join(folder, name), "utf8");
  const isWhole = name.endsWith(".json");
  const texts = isWhole ? [text] : text.split("\n").filter((line) => line.trim() !== "");
  const server = name.split("-")[0] ?? "";
  return {
    name,
    profile: profiles[server] ?? "generic",
    chunks: texts.map((line) => JSON.parse(line)),
    isWhole,
  };
}

/** Cuts a body at uneven places, about so many. */
function unevenCuts(chunks: readonly object[], count: number): number[] {
  const length = chunks.reduce((sum, chunk) => sum + Buffer.byteLength(JSON.stringify(chunk)) + 8, 0);
  return Array.from({ length: count }, (_, index) => Math.floor(((index + 1) * length) / (count + 1.37)));
}

/** The ways in which a recording is played. */
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

/** What the two oracles agree on, which must be what the recording says. */
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

function testRecording({ name, profile, chunks, isWhole }: Recording): void {
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

if (folder === "") test.skip("recordings of real servers (RECORDINGS_DIR is not set)", () => {});
else
  for (const name of readdirSync(folder).filter((file) => /\.(chunks\.txt|json)$/.test(file)))
    testRecording(readRecording(name));
