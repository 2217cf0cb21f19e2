import { describe, expect } from "bun:test";
import { chunk } from "../support/chunks.ts";
import { type BodyStep, sseOf } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { type Wire, wires } from "../support/wires.ts";
import { programTest } from "./program-test.ts";

const megabyte = 1024 * 1024;
const tooLong = "UPSTREAM's answer is longer than 33554432 characters";
const piece = "0123456789abcdef".repeat(megabyte / 16);
const encode = (value: object) => new TextEncoder().encode(`data: ${JSON.stringify(value)}\n\n`);
const tools = [
  { name: "Bash", input_schema: { type: "object", properties: { command: { type: "string" } } } },
];
interface Kind {
  settings?: Record<string, string>;
  first?: readonly object[];
  next: (index: number) => object[];
}

/** What an upstream may say without an end, a megabyte with each step, and where it has to wait. */
function listKinds(wire: Wire): Record<string, Kind> {
  const openCall = wire.call(0, { id: "call_1", name: "Bash", arguments: '{"command":"' });
  const text = () => [wire.text(piece)];
  const reasoning = () => [wire.reasoning(piece)];
  return {
    text: { next: text },
    reasoning: { next: reasoning },
    "text behind an open call": { first: openCall, next: text },
    "reasoning behind an open call": { first: openCall, next: reasoning },
    arguments: { first: openCall, next: () => wire.call(0, { arguments: piece }) },
    "arguments of a call without a name": { next: () => wire.call(0, { arguments: piece }) },
    "text in a tag": { first: [wire.text("<think>")], next: text },
    "text behind the mark of a call": {
      settings: { UPSTREAM_PROFILE: "ollama" },
      first: [wire.text("<tool_call>")],
      next: text,
    },
    ...(wire.id === "chat" ? chatKinds : responsesKinds),
  };
}

/** What only Chat Completions can say: several things with one chunk. */
const chatKinds: Record<string, Kind> = {
  "encrypted details": {
    next: (index) => [chunk({ reasoning_details: [{ type: "reasoning.encrypted", data: piece, index }] })],
  },
  "signatures of text": {
    next: () => [chunk({ extra_content: { google: { thought_signature: piece } } })],
  },
  calls: {
    next: (index) => [
      chunk({
        tool_calls: Array.from({ length: 1000 }, (_, call) => {
          const id = index * 1000 + call;
          return { index: id, id: `call_${id}`, function: { name: "Bash", arguments: "{}" } };
        }),
      }),
    ],
  },
  "calls without a name": {
    next: (index) => [
      chunk({ tool_calls: Array.from({ length: 1000 }, (_, call) => ({ index: index * 1000 + call })) }),
    ],
  },
  "blocks in turns": {
    next: () => [
      chunk({
        content: Array.from({ length: 2000 }, (_, part) =>
          part % 2 === 0 ? { type: "text", text: "a" } : { type: "thinking", thinking: ["b"] },
        ),
      }),
    ],
  },
};

const item = (place: number, kind: "added" | "done", members: object) => ({
  type: `response.output_item.${kind}`,
  output_index: place,
  item: members,
});
const thousand = (index: number, events: (place: number) => object[]) =>
  Array.from({ length: 1000 }, (_, step) => events(index * 1000 + step)).flat();

/** The same on the Responses API, where each item has events of its own. */
const responsesKinds: Record<string, Kind> = {
  "encrypted reasoning": {
    next: (index) => [item(index, "done", { type: "reasoning", summary: [], encrypted_content: piece })],
  },
  "summary parts": {
    next: (index) => [
      { type: "response.reasoning_summary_text.delta", output_index: 0, summary_index: index, delta: piece },
    ],
  },
  calls: {
    next: (index) =>
      thousand(index, (place) => {
        const call = { type: "function_call", call_id: `call_${place}`, name: "Bash", arguments: "{}" };
        return [item(place, "added", { ...call, arguments: "" }), item(place, "done", call)];
      }),
  },
  "calls without a name": {
    next: (index) => thousand(index, (place) => [item(place, "added", { type: "function_call" })]),
  },
  "items of nothing": {
    next: (index) => thousand(index, (place) => [item(place, "added", { type: "message" })]),
  },
  "blocks in turns": {
    next: (index) =>
      thousand(index, (place) => [
        { type: "response.output_text.delta", output_index: 2 * place, delta: "a" },
        { type: "response.reasoning_text.delta", output_index: 2 * place + 1, delta: "b" },
      ]),
  },
};

describe.each(wires)("$id", (wire) => {
  for (const [name, { settings = {}, first = [], next }] of Object.entries(listKinds(wire))) {
    for (const stream of [true, false]) {
      programTest(
        `[F4] endless ${name}, told ${stream ? "as a stream" : "whole"}, ends with an error within 256 MB`,
        async ({ program, upstream, ask }) => {
          upstream.reply(wire.stream([wire.text("warm"), wire.end()]));
          await ask();
          const body = function* (): Generator<BodyStep> {
            for (const event of first) yield encode(event);
            // Should nobody give it up, the test fails instead of running for ever.
            for (let index = 0; index < 200; index += 1) {
              yield Buffer.concat(next(index).map(encode));
              yield { waitMs: 1 };
            }
          };
          upstream.reply(sseOf(body(), "stall"));
          const before = program.memoryBytes();
          let most = before;
          const timer = setInterval(() => {
            most = Math.max(most, program.memoryBytes());
          }, 20);
          const { outcome } = await ask({ ...hello, tools, stream });
          clearInterval(timer);
          expect([outcome.end, outcome.message]).toEqual(["api_error", tooLong]);
          expect((most - before) / megabyte).toBeLessThan(256);
          expect(await upstream.requests.at(-1)?.closedByPeer).toBeNumber();
        },
        { wire, settings: { LOG_LEVEL: "INFO", ...settings } },
      );
    }
  }
});
