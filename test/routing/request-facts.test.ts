import { describe, expect, test } from "bun:test";
import { readClientHints } from "../../src/anthropic/client-hints.ts";
import type { ContentBlock } from "../../src/anthropic/content-block.ts";
import type { PurposefulRequest } from "../../src/anthropic/request-kind.ts";
import { readRequestFacts } from "../../src/routing/request-facts.ts";

const noHints = readClientHints(new Headers());
const explore = readClientHints(
  new Headers({ "x-claude-code-agent-id": "a1", "x-claude-code-agent-type": "Explore" }),
);

const request = (changes: Partial<PurposefulRequest> = {}): PurposefulRequest => ({
  model: "claude-opus-5-5",
  messages: [{ role: "user", content: "hello" }],
  ...changes,
});
const read = (changes?: Partial<PurposefulRequest>, hints = noHints) =>
  readRequestFacts(request(changes), hints, null);
const readBlocks = (...content: ContentBlock[]) => {
  const { images, pdf } = read({
    messages: [
      { role: "user", content },
      { role: "assistant", content: "x" },
    ],
  });
  return { images, pdf };
};

test("an ordinary request", () => {
  const { tokens, ...facts } = readRequestFacts(request(), noHints, "web");
  expect(facts).toEqual({
    model: "claude-opus-5-5",
    tier: "opus",
    kind: "main",
    agent: { isAgent: false, type: null },
    images: false,
    pdf: false,
    thinking: false,
    tools: false,
    client: "web",
  });
  expect(tokens()).toBeGreaterThan(0);
});

test.each([
  ["claude-haiku-5", "claude-haiku-5", "haiku"],
  ["Claude-Sonnet-5[1m]", "Claude-Sonnet-5", "sonnet"],
  ["claude-fable-5-2", "claude-fable-5-2", "fable"],
  ["claude-mythos-5", "claude-mythos-5", "fable"],
  ["gpt-6", "gpt-6", null],
  ["[1m]-x", "[1m]-x", null],
])("%s is asked for as %s, of the tier %s", (asked, model, tier) => {
  expect(read({ model: asked })).toMatchObject({ model, tier });
});

test("an agent has its type only with hints, and nobody else has one", () => {
  expect(read({}, explore)).toMatchObject({ kind: "subagent", agent: { isAgent: true, type: "Explore" } });
  const withoutType = readClientHints(new Headers({ "x-claude-code-agent-id": "a1" }));
  expect(read({}, withoutType).agent).toEqual({ isAgent: true, type: null });
  const onlyType = readClientHints(new Headers({ "x-claude-code-agent-type": "Explore" }));
  expect(read({}, onlyType).agent).toEqual({ isAgent: false, type: null });
});

test("a request for a count is of that kind, whoever asks", () => {
  expect(readRequestFacts(request(), explore, null, "count_tokens").kind).toBe("count");
});

test.each([
  [undefined, false],
  [null, false],
  [{ type: "disabled" }, false],
  [{ type: "enabled", budget_tokens: 1024 }, true],
  [{ type: "adaptive" }, true],
])("thinking %j: %p", (thinking, expected) => {
  expect(read({ thinking }).thinking).toBe(expected);
});

test("tools are there if one is", () => {
  expect(read({ tools: [] }).tools).toBe(false);
  expect(read({ tools: [{ name: "Read" }] }).tools).toBe(true);
});

describe("images and documents", () => {
  const image: ContentBlock = {
    type: "image",
    source: { type: "base64", media_type: "image/png", data: "AAAA" },
  };
  const pdf: ContentBlock = {
    type: "document",
    source: { type: "base64", media_type: "application/pdf", data: "AAAA" },
  };
  const result = (...content: ContentBlock[]): ContentBlock => ({
    type: "tool_result",
    tool_use_id: "t1",
    content,
  });

  test.each<[string, ContentBlock, { images: boolean; pdf: boolean }]>([
    ["a text", { type: "text", text: "image" }, { images: false, pdf: false }],
    ["an image", image, { images: true, pdf: false }],
    ["a PDF", pdf, { images: false, pdf: true }],
    ["both in a result", result(image, pdf), { images: true, pdf: true }],
    [
      "a text as a document",
      { type: "document", source: { type: "text", data: "x" } },
      { images: false, pdf: false },
    ],
    [
      "an image in a document",
      { type: "document", source: { type: "content", content: [image] } },
      { images: true, pdf: false },
    ],
    [
      "a document elsewhere",
      { type: "document", source: { type: "url", url: "https://a.example/x" } },
      { images: false, pdf: true },
    ],
    [
      "a result that is a text",
      { type: "tool_result", tool_use_id: "t1", content: "x" },
      { images: false, pdf: false },
    ],
  ])("%s", (_name, block, expected) => {
    expect(readBlocks({ type: "text", text: "look" }, block)).toEqual(expected);
  });

  test("in different messages", () => {
    const messages: PurposefulRequest["messages"] = [
      { role: "user", content: [pdf] },
      { role: "assistant", content: "x" },
      { role: "user", content: [image] },
    ];
    expect(read({ messages })).toMatchObject({ images: true, pdf: true });
  });

  test("nobody looks into a conversation for a case that does not ask", () => {
    let reads = 0;
    const asked = request();
    const watched = new Proxy(asked.messages, {
      get(target, name, receiver) {
        reads += 1;
        return Reflect.get(target, name, receiver);
      },
    });
    const facts = readRequestFacts(
      { ...asked, messages: watched },
      readClientHints(new Headers({ "x-claude-code-request-class": "main" })),
      null,
    );
    expect(reads).toBe(0);
    expect([facts.images, facts.pdf]).toEqual([false, false]);
    const once = reads;
    expect([facts.images, facts.pdf]).toEqual([false, false]);
    expect(reads).toBe(once);
    const tokens = facts.tokens();
    const twice = reads;
    expect(facts.tokens()).toBe(tokens);
    expect(reads).toBe(twice);
  });
});
