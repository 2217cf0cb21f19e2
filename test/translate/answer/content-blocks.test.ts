import { expect, test } from "bun:test";
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
