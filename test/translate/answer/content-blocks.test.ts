import { describe, expect, test } from "bun:test";
import { ContentBlocks } from "../../../src/translate/answer/content-blocks.ts";

test("[3.6:blocks 4.1:form] the input of a search comes as a delta, as the real API sends it", () => {
  const blocks = new ContentBlocks();
  const search = { type: "server_tool_use", id: "srvtoolu_1", name: "web_search" } as const;
  blocks.whole({ ...search, input: { query: "bun" } });
  expect(blocks.take()).toEqual([
    { type: "content_block_start", index: 0, content_block: { ...search, input: {} } },
    {
      type: "content_block_delta",
      index: 0,
      delta: { type: "input_json_delta", partial_json: '{"query":"bun"}' },
    },
    { type: "content_block_stop", index: 0 },
  ]);
});

describe("[4.1:form] what would break the order of a stream throws and makes no event", () => {
  const text = { type: "text", text: "", citations: null } as const;
  const delta = { type: "text_delta", text: "a" } as const;

  test("a block within a block", () => {
    const blocks = new ContentBlocks();
    blocks.whole(text);
    blocks.start(text);
    blocks.take();
    const thinking = { type: "thinking", thinking: "", signature: "" } as const;
    expect(() => blocks.start(thinking)).toThrow(new Error("block 1 (text) is still open"));
    expect([blocks.take(), blocks.open, blocks.count]).toEqual([[], "text", 2]);
  });

  test.each([
    ["before the first block", () => new ContentBlocks()],
    [
      "between two blocks",
      () => {
        const blocks = new ContentBlocks();
        blocks.whole(text);
        blocks.take();
        return blocks;
      },
    ],
  ])("a delta or an end %s", (_, create) => {
    const blocks = create();
    const { count } = blocks;
    expect(() => blocks.delta(delta)).toThrow(new Error("no block is open for text_delta"));
    expect(() => blocks.stop()).toThrow(new Error("no block is open"));
    expect([blocks.take(), blocks.open, blocks.count]).toEqual([[], null, count]);
  });
});
