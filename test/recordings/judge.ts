import { expect } from "bun:test";
import { findGrammarFaults, parseWireEvents } from "../support/grammar.ts";
import type { Oracles, Understood } from "../support/oracles.ts";
import type { Reply, SseOptions } from "../support/reply.ts";
import type { Json } from "../support/strict/json.ts";
import type { FoldedRecording } from "./fold-recording.ts";

/** Cuts a body at uneven places, about so many. */
function unevenCuts(chunks: readonly object[], count: number): number[] {
  const length = chunks.reduce((sum, chunk) => sum + Buffer.byteLength(JSON.stringify(chunk)) + 8, 0);
  return Array.from({ length: count }, (_, index) => Math.floor(((index + 1) * length) / (count + 1.37)));
}

/** The ways in which a stream is played. */
export function listPaces(
  stream: (events: object[], options: SseOptions) => Reply,
): (readonly [string, (events: object[]) => Reply])[] {
  return [
    ["at once", (events) => stream(events, { splitAt: [] })],
    ["event by event", (events) => stream(events, {})],
    [
      "in 7 pieces, slowly, without [DONE]",
      (events) => stream(events, { splitAt: unevenCuts(events, 6), paceMs: 15, done: false }),
    ],
    [
      "in 400 pieces, with CRLF",
      (events) => stream(events, { splitAt: unevenCuts(events, 400), lineEnd: "\r\n" }),
    ],
  ];
}

/** What the blocks of a whole answer say. */
export function understand(content: readonly Json[]): Understood {
  const textsOf = (type: string, member: string) =>
    content.flatMap((block) => (block["type"] === type ? [String(block[member])] : [])).join("");
  const uses = content.filter((block) => block["type"] === "tool_use");
  return {
    thinking: textsOf("thinking", "thinking"),
    text: textsOf("text", "text"),
    calls: uses.map(({ id, name, input }) => ({ id: String(id), name: String(name), input })),
  };
}

/** What the client must be told of the tokens. */
export function expectedUsage({ usage }: FoldedRecording): object {
  const { prompt, cached, output } = usage;
  return { input_tokens: prompt - cached, cache_read_input_tokens: cached, output_tokens: output };
}

/** What the two oracles agree on, which must be what the answer says. */
export async function judge(oracles: Oracles, bytes: Uint8Array, folded: FoldedRecording) {
  expect(findGrammarFaults(bytes)).toEqual([]);
  const text = new TextDecoder().decode(bytes);
  const understood = await oracles.askAnthropicSdk(text);
  expect(await oracles.askAiSdk(text)).toEqual(understood);
  const { usage: _, ...said } = folded;
  const calls = understood?.calls.map(({ name, input }) => ({ name, input }));
  expect<object>({ ...understood, calls }).toEqual(said);
  expect(parseWireEvents(bytes).at(-2)?.data["usage"]).toMatchObject(expectedUsage(folded));
}
