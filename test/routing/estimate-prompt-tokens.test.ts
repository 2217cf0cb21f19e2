import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ContentBlock } from "../../src/anthropic/content-block.ts";
import type { ConversationRequest } from "../../src/anthropic/messages-request.ts";
import { estimatePromptTokens } from "../../src/routing/estimate-prompt-tokens.ts";
import { pngUrl } from "../tokens/png-url.ts";

const estimate = (changes: Partial<ConversationRequest>) =>
  estimatePromptTokens({ model: "m", messages: [], ...changes });
const words = "some words that are counted ".repeat(20);
const usual = estimate({ system: words });
const empty = estimate({ messages: [{ role: "user" }] });
const ofBlock = (block: ContentBlock) => estimate({ messages: [{ role: "user", content: [block] }] }) - empty;

/** Between the text alone and the text with what is around it. */
function expectText(tokens: number): void {
  expect(tokens).toBeGreaterThanOrEqual(usual);
  expect(tokens).toBeLessThan(usual + 60);
}

test.each<[string, Partial<ConversationRequest>]>([
  ["the system prompt", { system: words }],
  ["the system prompt in blocks", { system: [{ type: "text", text: words }] }],
  ["a message", { messages: [{ role: "user", content: words }] }],
  ["a tool's description", { tools: [{ name: "Read", description: words }] }],
  ["a tool's schema", { tools: [{ name: "Read", input_schema: { description: words } }] }],
])("counts %s", (_name, changes) => expectText(estimate(changes)));

test.each<[string, ContentBlock]>([
  ["a text", { type: "text", text: words }],
  ["a call", { type: "tool_use", id: "t", name: "Read", input: { path: words } }],
  ["a result", { type: "tool_result", tool_use_id: "t", content: words }],
  ["a result in blocks", { type: "tool_result", tool_use_id: "t", content: [{ type: "text", text: words }] }],
  ["thinking", { type: "thinking", thinking: words, signature: words.repeat(100) }],
  ["a document's text", { type: "document", source: { type: "text", data: words } }],
  ["a document's blocks", { type: "document", source: { type: "content", content: words } }],
  [
    "a search result",
    { type: "search_result", source: "a", title: "b", content: [{ type: "text", text: words }] },
  ],
  ["a block of a new type", { type: "unknown", original: { type: "new", text: words } }],
])("counts the text of %s", (_name, block) => expectText(ofBlock(block)));

test("opaque thinking is no text", () => {
  expect(ofBlock({ type: "redacted_thinking", data: words })).toBe(0);
});

test("an image counts by its size, and the most where nobody knows it", () => {
  const image = (url: string): ContentBlock => ({
    type: "image",
    source: { type: "base64", media_type: "image/png", data: url.slice(url.indexOf(",") + 1) },
  });
  expect(ofBlock(image(pngUrl(750, 100)))).toBe(100);
  expect(ofBlock({ type: "tool_result", tool_use_id: "t", content: [image(pngUrl(750, 100))] })).toBe(106);
  expect(ofBlock({ type: "image", source: { type: "url", url: "https://a.example/x.png" } })).toBe(1600);
});

test("a PDF counts by its bytes", () => {
  const pdf = (bytes: number): ContentBlock => ({
    type: "document",
    source: { type: "base64", media_type: "application/pdf", data: Buffer.alloc(bytes).toString("base64") },
  });
  expect(ofBlock(pdf(150_000))).toBe(4000);
  expect(ofBlock({ type: "document", source: { type: "url", url: "https://a.example/x.pdf" } })).toBe(2000);
});

test("of a very long conversation less is read, and its estimate stays what it would be", () => {
  const text = readFileSync(join(import.meta.dir, "../../docs/operations.md"), "utf8").slice(0, 8000);
  const ofMessages = (count: number) =>
    estimate({ messages: Array.from({ length: count }, () => ({ role: "user" as const, content: text })) });
  const ratio = ofMessages(1000) / (10 * ofMessages(100));
  expect(ratio).toBeGreaterThan(0.85);
  expect(ratio).toBeLessThan(1.15);
});
