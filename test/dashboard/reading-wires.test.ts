import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { readBlocks } from "../../src/dashboard/page/exchange/conversation/blocks.ts";
import { parseCutJson } from "../../src/dashboard/page/exchange/conversation/parse-cut-json.ts";
import { isEventStream, parseEvents } from "../../src/dashboard/page/exchange/conversation/parse-events.ts";
import { readAnswer } from "../../src/dashboard/page/exchange/conversation/read-answer.ts";
import { readConversation } from "../../src/dashboard/page/exchange/conversation/read-conversation.ts";
import { compareTexts, shortenRuns } from "../../src/dashboard/page/exchange/difference/compare-texts.ts";
import { cutSlices } from "../../src/dashboard/page/exchange/wires/cut-slices.ts";
import { formatWire } from "../../src/dashboard/page/exchange/wires/show-wire.ts";

describe("JSON that was cut", () => {
  test.each<[string, unknown]>([
    ['{"a":[1,2,{"b":"text that goes o', { a: [1, 2, { b: "text that goes o" }] }],
    ['{"a":"one\\', { a: "one" }],
    ['{"a":"one\\\\', { a: "one\\" }],
    ['{"a":"one\\u00', { a: "one" }],
    ['{"a":1,"b', { a: 1 }],
    ['{"a":1,"b":', { a: 1 }],
    ['{"a":1,"b":tr', { a: 1 }],
    ['[{"a":1},{"a":2}', [{ a: 1 }, { a: 2 }]],
    ["[", []],
  ])("%s", (text, value) => {
    expect(parseCutJson(text)).toEqual({ value, isCut: true });
  });

  test("is read wherever it was cut", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), (value, at) => {
        const text = JSON.stringify({ messages: value });
        const length = 1 + (at % text.length);
        expect(parseCutJson(text.slice(0, length))?.isCut).toBe(length < text.length);
      }),
    );
  });

  test("is not made up from other texts", () => {
    expect(["", "no JSON", "}", "<html>"].map(parseCutJson)).toEqual([null, null, null, null]);
  });
});

describe("a conversation", () => {
  test("is read block by block", () => {
    const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } };
    const blocks = readBlocks([
      { type: "text", text: "hello" },
      { type: "tool_use", id: "t1", name: "Bash", input: { command: "ls" } },
      {
        type: "tool_result",
        tool_use_id: "t1",
        is_error: true,
        content: [{ type: "text", text: "no" }, image],
      },
      { type: "redacted_thinking", data: "x" },
      { type: "new_thing", member: 1 },
      7,
    ]);
    expect(blocks).toEqual([
      { kind: "text", title: "", text: "hello", isError: false },
      { kind: "call", title: "Tool call: Bash (t1)", text: '{\n  "command": "ls"\n}', isError: false },
      {
        kind: "result",
        title: "Tool result (t1)",
        text: "no\n[Image] image/png, 4 characters",
        isError: true,
      },
      { kind: "thinking", title: "Thinking, encrypted", text: "", isError: false },
      {
        kind: "other",
        title: "new_thing",
        text: '{\n  "type": "new_thing",\n  "member": 1\n}',
        isError: false,
      },
      { kind: "other", title: "Unknown", text: "7", isError: false },
    ]);
  });

  test("has its system prompt, its tools, and messages of any role", () => {
    const text = JSON.stringify({
      system: "Be brief.",
      messages: [{ role: "user", content: "hi" }, { role: 3, content: null }, "lost"],
      tools: [{ name: "Bash" }, { type: "web_search_20250305" }, null],
    });
    const block = (shown: string) => ({ kind: "text" as const, title: "", text: shown, isError: false });
    expect(readConversation(text)).toEqual({
      turns: [
        { role: "system", blocks: [block("Be brief.")] },
        { role: "user", blocks: [block("hi")] },
        { role: "unknown", blocks: [] },
        { role: "unknown", blocks: [{ kind: "other", title: "Unknown", text: '"lost"', isError: false }] },
      ],
      tools: ["Bash", "web_search_20250305", "without a name"],
      isCut: false,
    });
    expect(readConversation("no JSON")).toBe(null);
  });

  test("never fails, whatever it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (messages, system) => {
        readConversation(JSON.stringify({ messages, system, tools: messages }));
        readAnswer(JSON.stringify(messages));
        readAnswer(`data: ${JSON.stringify(messages)}\n\ndata: ${JSON.stringify(system)}`);
      }),
    );
  });
});

describe("an answer", () => {
  const stream = (...events: unknown[]) =>
    events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");

  test("that was streamed is put together; arguments that are no JSON are shown as they came", () => {
    const start = (index: number, block: unknown) => ({
      type: "content_block_start",
      index,
      content_block: block,
    });
    const delta = (index: number, member: string, text: string) => ({
      type: "content_block_delta",
      index,
      delta: { [member]: text },
    });
    const text = stream(
      start(0, { type: "text", text: "" }),
      delta(0, "text", "a"),
      delta(0, "text", "b"),
      start(1, { type: "tool_use", id: "t", name: "Bash", input: {} }),
      delta(1, "partial_json", "not JSON"),
      { type: "error", error: { type: "overloaded_error", message: "later" } },
    );
    expect(readAnswer(text)).toEqual([
      { kind: "text", title: "", text: "ab", isError: false },
      { kind: "call", title: "Tool call: Bash (t)", text: "not JSON", isError: false },
      { kind: "other", title: "Error: overloaded_error", text: "later", isError: true },
    ]);
  });

  test("that came whole, and one that is an error", () => {
    expect(readAnswer('{"type":"message","content":[{"type":"text","text":"x"}]}')).toEqual([
      { kind: "text", title: "", text: "x", isError: false },
    ]);
    expect(readAnswer('{"type":"error","error":{"type":"api_error","message":"m"}}')).toEqual([
      { kind: "other", title: "Error: api_error", text: "m", isError: true },
    ]);
    expect(readAnswer("<html>")).toBe(null);
  });

  test("is told apart from JSON, and its events are numbered", () => {
    expect([isEventStream(": ping\n\ndata: 1"), isEventStream('{"data: ":1}')]).toEqual([true, false]);
    expect(parseEvents("event: a\r\ndata: 1\r\ndata:2\r\n\r\n: c\n\ndata: 3")).toEqual([
      { name: "a", data: "1\n2" },
      { name: null, data: "3" },
    ]);
    expect(formatWire('event: a\ndata: {"x":1}\n\ndata: [DONE]\n\n', "readable")).toBe(
      '#1 a\n{\n  "x": 1\n}\n\n#2\n[DONE]',
    );
    expect(formatWire('{"x":1}', "raw")).toBe('{"x":1}');
  });
});

describe("a comparison", () => {
  test("puts aside what both begin and end with, and shortens what is equal", async () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`);
    const runs = await compareTexts(lines.join("\n"), lines.with(50, "changed").join("\n"));
    expect(shortenRuns(runs ?? [], 1)).toEqual([
      { kind: "skipped", count: 49 },
      { kind: "same", lines: ["line 49"] },
      { kind: "removed", lines: ["line 50"] },
      { kind: "added", lines: ["changed"] },
      { kind: "same", lines: ["line 51"] },
      { kind: "skipped", count: 48 },
    ]);
  });

  test("gives both texts back", async () => {
    const anyText = fc.array(fc.constantFrom("a", "b", "c")).map((lines) => lines.join("\n"));
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (before, after) => {
        const runs = (await compareTexts(before, after)) ?? [];
        const without = (kind: string) =>
          runs.flatMap((run) => (run.kind === kind ? [] : run.lines)).join("\n");
        expect([without("added"), without("removed")]).toEqual([before, after]);
      }),
    );
  });

  test("of texts that differ in everything is given up", async () => {
    const textOf = (word: string) =>
      Array.from({ length: 50_000 }, (_, index) => `${word}${index}`).join("\n");
    expect(await compareTexts(textOf("a"), textOf("b"))).toBe(null);
  });
});

test("slices are the text again, and part no pair", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 2, max: 20 }), (text, length) => {
      const slices = cutSlices(text, length);
      expect(slices.join("")).toBe(text);
      expect(slices.every((slice) => slice.length <= length && slice.isWellFormed() === true)).toBe(true);
    }),
  );
});
