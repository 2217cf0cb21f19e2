import { describe, expect, test } from "bun:test";
import { listRequestParts } from "../../../../src/protocols/responses/count/list-request-parts.ts";
import type { RequestPart } from "../../../../src/tokens/request-part.ts";

const text = (content: string) => ({ kind: "text" as const, content });
const part = (
  section: RequestPart["section"],
  label: string,
  fixedTokens: number,
  ...items: RequestPart["items"]
): RequestPart => ({ section, label, fixedTokens, items });
const reply = part("overhead", "start of the reply", 3);
const reasoning = (members: object) => ({ type: "reasoning", summary: [{ text: "shown" }], ...members });
const user = { type: "message", role: "user", content: "U" };

test("[29.5:items] each kind of item costs what the same costs on Chat Completions", () => {
  const parts = listRequestParts({
    model: "m",
    instructions: "S",
    input: [
      user,
      { type: "message", role: "developer", content: "D" },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "A", annotations: [] }] },
      { type: "function_call", call_id: "c", name: "Read", arguments: "{}" },
      { type: "function_call_output", call_id: "c", output: "R" },
      reasoning({ content: [{ type: "reasoning_text", text: "T" }] }),
    ],
  });
  expect(parts).toEqual([
    part("system", "instructions", 4, text("S")),
    part("message", "item 1 (user)", 4, text("U")),
    part("system", "item 2 (developer)", 4, text("D")),
    part("message", "item 3 (assistant)", 4, text("A")),
    part("message", "item 4 (function_call)", 8, text("Read"), text("{}")),
    part("message", "item 5 (function_call_output)", 10, text("R")),
    part("message", "item 6 (reasoning)", 0, text("T")),
    reply,
  ]);
});

test("[29.5:items] tools, a schema and a forced choice", () => {
  const schema = { type: "object" };
  const parts = listRequestParts({
    input: [],
    tools: [
      { type: "function", name: "Read", description: "reads", parameters: schema, strict: false },
      { type: "web_search", filters: {} },
    ],
    text: { format: { type: "json_schema", name: "output", schema, strict: true } },
    tool_choice: "required",
  });
  expect(parts).toEqual([
    part("overhead", "tools", 12),
    part(
      "tool",
      "tool Read",
      8,
      text(JSON.stringify({ name: "Read", description: "reads", parameters: schema })),
    ),
    part("tool", "tool web_search", 8, text('{"type":"web_search","filters":{}}')),
    part("overhead", "output schema", 20, text('{"type":"object"}')),
    part("overhead", "tool choice", 10),
    reply,
  ]);
});

test("[29.5:items] images and documents are parts of their own", () => {
  const content = [
    { type: "input_text", text: "see" },
    { type: "input_image", image_url: "https://x.test/a.png", detail: "auto" },
    { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,AA==" },
    { type: "input_file", file_url: "https://x.test/a.pdf" },
  ];
  expect(listRequestParts({ input: [{ type: "message", role: "user", content }] })).toEqual([
    part("message", "item 1 (user)", 4, text("see")),
    part("image", "image in item 1", 1600),
    part("document", "document in item 1", 0, {
      kind: "document",
      content: "data:application/pdf;base64,AA==",
    }),
    part("document", "document in item 1", 0, { kind: "document", content: "https://x.test/a.pdf" }),
    reply,
  ]);
});

describe("[29.5:blobs] a blob costs by its length and is never tokenised", () => {
  const blobs = (model: string, ...input: object[]) =>
    listRequestParts({ model, input })
      .filter(({ label }) => label.endsWith("(reasoning)"))
      .map(({ fixedTokens, items }) => [fixedTokens, items.length]);

  test.each([
    ["gAAAA".padEnd(7600, "x"), 1000],
    ["gAAAA".padEnd(500, "x"), 0],
    ["xai".padEnd(680, "x"), 100],
    ["", 0],
  ])("%p", (encrypted_content, tokens) => {
    expect(blobs("m", user, reasoning({ encrypted_content }))).toEqual([[tokens, 0]]);
  });

  test("one from before the user's last text costs only where models read it again", () => {
    const item = reasoning({ encrypted_content: "x".repeat(680) });
    expect(blobs("gpt-5.2", item, user, item)).toEqual([
      [0, 0],
      [100, 0],
    ]);
    expect(blobs("gpt-5.6-sol", item, user, item)).toEqual([
      [100, 0],
      [100, 0],
    ]);
    expect(blobs("m", item)).toEqual([[100, 0]]);
  });
});

test("[29.5:any] any value is counted without a failure; an input may be a text", () => {
  expect(listRequestParts({ input: "U" })).toEqual([part("message", "item 1 (user)", 4, text("U")), reply]);
  const odd = [null, 5, {}, { type: "reasoning", content: 5 }, { role: 7, content: [3, { text: 4 }] }];
  for (const input of [undefined, null, 3, odd])
    expect(listRequestParts({ input, tools: input, instructions: 5, text: 4, model: [] }).at(-1)).toEqual(
      reply,
    );
});
