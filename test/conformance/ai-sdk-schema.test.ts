import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseWireEvents } from "../support/grammar.ts";
import { type Oracles, startOracles, type Understood } from "../support/oracles.ts";
import { isObject } from "../support/strict/json.ts";

/**
 * Every event stream of the fixtures is read by the AI SDK, which holds each event to a schema of its own, and by
 * the official SDK: both must understand the message that we say it is.
 */
const root = join(import.meta.dir, "../fixtures/streams");
let oracles: Oracles;

beforeAll(() => {
  oracles = startOracles();
});

afterAll(() => oracles.stop());

/** Arguments that no parser takes are told to the client as they came (rule 3.5), so no SDK can read them. */
const unreadable = ["arguments-no-json", "cut-in-tool-call-by-length"];

/** The message of a fixture in the form of the oracles; null for a stream that ends in an error. */
function expectedOf(name: string): Understood | null {
  const sse = readFileSync(join(root, name, "expected.sse"));
  if (parseWireEvents(sse).at(-1)?.name === "error") return null;
  const message: { content: unknown[] } = JSON.parse(readFileSync(join(root, name, "message.json"), "utf8"));
  const understood: Understood = { thinking: "", text: "", calls: [] };
  for (const block of message.content.filter(isObject)) {
    if (block["type"] === "thinking") understood.thinking += String(block["thinking"]);
    if (block["type"] === "text") understood.text += String(block["text"]);
    if (block["type"] === "tool_use") {
      const { id, name: tool, input } = block;
      understood.calls.push({ id: String(id), name: String(tool), input });
    }
  }
  return understood;
}

describe("[4.1:form 4.1:starts 4.1:order] two clients that are not ours read", () => {
  const names = readdirSync(root).filter((name) => !unreadable.includes(name));
  test.each(names)("%s", async (name) => {
    const sse = readFileSync(join(root, name, "expected.sse"), "utf8");
    const expected = expectedOf(name);
    expect(await oracles.askAiSdk(sse)).toEqual(expected);
    expect(await oracles.askAnthropicSdk(sse)).toEqual(expected);
  });
});

describe("the oracles themselves", () => {
  const stream = (...events: object[]) =>
    events.map((event) => `event: ${Object(event).type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
  const start = {
    type: "message_start",
    message: {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "m",
      content: [],
      usage: { input_tokens: 1, output_tokens: 0 },
    },
  };

  test("the AI SDK's schema refuses a block of an unknown shape", async () => {
    const block = {
      type: "content_block_start",
      index: 0,
      content_block: { type: "tool_use", id: 7, name: "Read" },
    };
    await expect(oracles.askAiSdk(stream(start, block))).rejects.toThrow("Type validation failed");
  });

  test("both tell an error of the stream apart from one of their own", async () => {
    const error = { type: "error", error: { type: "overloaded_error", message: "busy" } };
    expect([
      await oracles.askAiSdk(stream(start, error)),
      await oracles.askAnthropicSdk(stream(start, error)),
    ]).toEqual([null, null]);
  });
});
