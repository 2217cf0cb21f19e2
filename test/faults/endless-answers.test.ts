import { expect } from "bun:test";
import { chunk, stopChunk, toolCallChunk } from "../support/chunks.ts";
import { type BodyStep, sse, sseOf } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { programTest } from "./program-test.ts";

const megabyte = 1024 * 1024;
const tooLong = "UPSTREAM's answer is longer than 33554432 characters";
const piece = "0123456789abcdef".repeat(megabyte / 16);
const encode = (value: object) => new TextEncoder().encode(`data: ${JSON.stringify(value)}\n\n`);
const tools = [
  { name: "Bash", input_schema: { type: "object", properties: { command: { type: "string" } } } },
];
const openCall = toolCallChunk(0, { id: "call_1", name: "Bash", arguments: '{"command":"' });

interface Kind {
  settings?: Record<string, string>;
  first?: object;
  next: (index: number) => object;
}

/** What an upstream may say without an end, a megabyte with each event, and where it has to wait. */
const kinds: Record<string, Kind> = {
  text: { next: () => chunk({ content: piece }) },
  reasoning: { next: () => chunk({ reasoning_content: piece }) },
  "text behind an open call": { first: openCall, next: () => chunk({ content: piece }) },
  "reasoning behind an open call": { first: openCall, next: () => chunk({ reasoning_content: piece }) },
  arguments: { first: openCall, next: () => toolCallChunk(0, { arguments: piece }) },
  "arguments of a call without a name": { next: () => toolCallChunk(0, { arguments: piece }) },
  "encrypted details": {
    next: (index) => chunk({ reasoning_details: [{ type: "reasoning.encrypted", data: piece, index }] }),
  },
  "signatures of text": {
    next: () => chunk({ extra_content: { google: { thought_signature: piece } } }),
  },
  "text in a tag": { first: chunk({ content: "<think>" }), next: () => chunk({ content: piece }) },
  "text behind the mark of a call": {
    settings: { UPSTREAM_PROFILE: "ollama" },
    first: chunk({ content: "<tool_call>" }),
    next: () => chunk({ content: piece }),
  },
  calls: {
    next: (index) =>
      chunk({
        tool_calls: Array.from({ length: 1000 }, (_, call) => {
          const id = index * 1000 + call;
          return { index: id, id: `call_${id}`, function: { name: "Bash", arguments: "{}" } };
        }),
      }),
  },
  "calls without a name": {
    next: (index) =>
      chunk({ tool_calls: Array.from({ length: 1000 }, (_, call) => ({ index: index * 1000 + call })) }),
  },
  "blocks in turns": {
    next: () =>
      chunk({
        content: Array.from({ length: 2000 }, (_, part) =>
          part % 2 === 0 ? { type: "text", text: "a" } : { type: "thinking", thinking: ["b"] },
        ),
      }),
  },
};

for (const [name, { settings = {}, first, next }] of Object.entries(kinds)) {
  for (const stream of [true, false]) {
    programTest(
      `[F4] endless ${name}, told ${stream ? "as a stream" : "whole"}, ends with an error within 256 MB`,
      async ({ program, upstream, ask }) => {
        upstream.reply(sse([chunk({ content: "warm" }), stopChunk]));
        await ask();
        const body = function* (): Generator<BodyStep> {
          if (first !== undefined) yield encode(first);
          // Should nobody give it up, the test fails instead of running for ever.
          for (let index = 0; index < 200; index += 1) {
            yield encode(next(index));
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
      { settings: { LOG_LEVEL: "INFO", ...settings } },
    );
  }
}
