import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { ProfileId } from "../../src/profiles/profile-ids.ts";
import { type Oracles, startOracles } from "../support/oracles.ts";
import { json, status } from "../support/reply.ts";
import { type ResponseAnswer, responseAnswerOf } from "../support/responses/response-answer.ts";
import { responseEvents, responseOf } from "../support/responses/response-events.ts";
import { responseManners } from "../support/responses/response-manner.ts";
import { hello, readFailure, readObject, startPair } from "../support/start-pair.ts";
import { objectOf, objectsOf } from "../support/strict/json.ts";
import { responsesWire } from "../support/wires.ts";
import { findFailure, foldResponses, renameIds, splitAnswers } from "./fold-responses.ts";
import { expectedUsage, judge, listPaces, understand } from "./judge.ts";
import { readAnswer, recordingsFolder } from "./read-answer.ts";

const folder = join(recordingsFolder, "responses");
const hasRecordings = recordingsFolder !== "" && existsSync(folder);
/** The body of a refusal, which is no answer. */
const refusal = "openai-item-pairing-error.json";

/** An answer of a real server, or one in the manner of one: the same must be true of both. */
interface Answer {
  name: string;
  profile: ProfileId;
  events: object[];
  isWhole: boolean;
}

const profiles: readonly (readonly [start: string, profile: ProfileId])[] = [
  ["openai", "openai"],
  ["azure", "openai"],
  ["xai", "xai"],
  ["openrouter", "openrouter"],
  ["deepseek", "deepseek"],
  ["lmstudio", "lmstudio"],
  ["ollama", "ollama"],
  ["llamacpp", "llamacpp"],
  ["vllm", "vllm"],
];

function profileOf(name: string): ProfileId {
  return profiles.find(([start]) => name.startsWith(start))?.[1] ?? "generic";
}

function listRecorded(): Answer[] {
  if (!hasRecordings) return [];
  const names = readdirSync(folder).filter((name) => /\.(chunks\.txt|json)$/.test(name) && name !== refusal);
  return names.flatMap((name) =>
    splitAnswers(readAnswer(join(folder, name))).map((events, index) => ({
      name: `${name}, answer ${index + 1}`,
      profile: profileOf(name),
      events,
      isWhole: name.endsWith(".json"),
    })),
  );
}

const said: Readonly<Record<string, ResponseAnswer>> = {
  "reasoning, text and calls": {
    output: [
      { kind: "reasoning", summary: ["Look at the test", "Then run"], encrypted: "blob-of-a-test" },
      { kind: "message", text: "I run it, ü 🙂.", phase: "commentary" },
      { kind: "call", id: "call_A", name: "Bash", arguments: { command: "bun test" } },
      { kind: "call", id: "call_B", name: "Read", arguments: { file_path: "a" } },
    ],
    mixesCalls: true,
    usage: {
      input_tokens: 20_000,
      input_tokens_details: { cached_tokens: 18_000, cache_write_tokens: 1500 },
      output_tokens: 300,
      output_tokens_details: { reasoning_tokens: 120 },
      total_tokens: 20_300,
    },
  },
  "text of reasoning": {
    output: [
      { kind: "reasoning", text: "Easy." },
      { kind: "message", text: "4" },
    ],
  },
  text: responseAnswerOf({ text: "All is well." }),
};

/** Answers made in the manner of each server, which are here without recordings, too. */
function listMade(): Answer[] {
  return Object.entries(responseManners).flatMap(([id, manner]) =>
    Object.entries(said).flatMap(([what, answer]) => [
      {
        name: `${id}: ${what}`,
        profile: profileOf(id),
        events: responseEvents(answer, { manner }),
        isWhole: false,
      },
      {
        name: `${id}: ${what}, whole`,
        profile: profileOf(id),
        events: [responseOf(answer, manner)],
        isWhole: true,
      },
    ]),
  );
}

/** Forms of the same answer: its last event alone, which holds all of it at most servers, and with other ids. */
function otherForms(events: readonly object[]): ReturnType<typeof listPaces> {
  const last = objectsOf(events).at(-1);
  const isWhole = objectsOf(objectOf(last?.["response"])["output"]).length > 0;
  return [
    ["with other ids", (all) => responsesWire.stream(renameIds(all))],
    ...(isWhole
      ? [["its last event alone", (all: object[]) => responsesWire.stream(all.slice(-1))] as const]
      : []),
  ];
}

function testAnswer({ name, profile, events, isWhole }: Answer): void {
  const failure = findFailure(events);
  const settings = { ...responsesWire.settings, upstreamProfile: profile };
  const paces = [...listPaces(responsesWire.stream), ...otherForms(events)];
  const replies = isWhole ? [["whole", ([body = {}]: object[]) => json(body)] as const] : paces;
  describe(name, () => {
    let oracles: Oracles;
    beforeAll(() => {
      oracles = startOracles();
    });
    afterAll(() => oracles.stop());

    test.each(replies)("%s, streamed", async (_, reply) => {
      await using pair = await startPair({ settings });
      pair.upstream.respondWith(() => reply(events));
      const response = await pair.post({ ...hello, stream: true });
      if (failure === null) {
        await judge(oracles, new Uint8Array(await response.arrayBuffer()), foldResponses(events));
      } else expect((await readFailure(response))[2]).toContain(String(failure["message"]).slice(0, 40));
    });

    test("whole", async () => {
      await using pair = await startPair({ settings });
      pair.upstream.respondWith(() => (isWhole ? json(events[0] ?? {}) : responsesWire.stream(events)));
      const response = await pair.post(hello);
      if (failure !== null) {
        expect((await readFailure(response))[2]).toContain(String(failure["message"]).slice(0, 40));
        return;
      }
      const message = await readObject(response);
      const { calls, ...told } = understand(objectsOf(message["content"]));
      const folded = foldResponses(events);
      const { usage: _, ...expected } = folded;
      const inputs = calls.map(({ name: tool, input }) => ({ name: tool, input }));
      expect<object>({ ...told, calls: inputs }).toEqual(expected);
      expect(objectOf(message["usage"])).toMatchObject(expectedUsage(folded));
    });
  });
}

test("the plain reading of a stream and of the whole response is the same", () => {
  for (const answer of Object.values(said)) {
    expect(foldResponses([responseOf(answer)])).toEqual(foldResponses(responseEvents(answer)));
  }
});

describe("made", () => listMade().forEach(testAnswer));

if (!hasRecordings) test.skip("recordings of the Responses API (RECORDINGS_DIR is not set)", () => {});
else {
  test("each recording is read as an answer that says something", () => {
    for (const { name, events } of listRecorded()) {
      const { text, calls } = foldResponses(events);
      const isSaying = text !== "" || calls.length > 0 || findFailure(events) !== null;
      expect([name, isSaying]).toEqual([name, true]);
    }
  });

  describe("recorded", () => listRecorded().forEach(testAnswer));

  test("a recorded refusal", async () => {
    await using pair = await startPair({
      settings: { ...responsesWire.settings, upstreamProfile: "openai" },
    });
    pair.upstream.respondWith(() => status(400, readAnswer(join(folder, refusal))[0]));
    expect((await readFailure(await pair.post(hello))).slice(0, 2)).toEqual([400, "invalid_request_error"]);
  });
}
