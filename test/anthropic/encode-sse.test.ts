import { describe, expect, test } from "bun:test";
import { encodeEvent, encodeEvents } from "../../src/anthropic/encode-sse.ts";
import type { BlockDelta, StreamEvent } from "../../src/anthropic/stream-event.ts";

const delta = (text: string): StreamEvent => ({
  type: "content_block_delta",
  index: 0,
  delta: { type: "text_delta", text },
});
const encoded = (json: string) =>
  `event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":${json}}}\n\n`;

describe("encodeEvent", () => {
  test.each([
    ["plain", '"plain"'],
    ["line\nfeed\r", '"line\\nfeed\\r"'],
    ["\ud83d", '"\\ud83d"'],
    ["a\u0085b\u2028c\u2029d", '"a\\u0085b\\u2028c\\u2029d"'],
  ])("[4.1:form] %j stays on one line for every reader", (text, json) => {
    expect(encodeEvent(delta(text))).toBe(encoded(json));
  });

  test.each<BlockDelta>([
    { type: "text_delta", text: 'a "b" \\ \n \ud83d' },
    { type: "thinking_delta", thinking: 'a "b" \\ \n \ud83d' },
    { type: "input_json_delta", partial_json: '{"a":"\\n"}' },
    { type: "signature_delta", signature: "abc=" },
  ])("[4.1:form] a $type is written as JSON.stringify writes it", (delta) => {
    const event: StreamEvent = { type: "content_block_delta", index: 12, delta };
    expect(encodeEvent(event)).toBe(`event: content_block_delta\ndata: ${JSON.stringify(event)}\n\n`);
  });

  test("[4.1:form] several events are one text", () => {
    expect(encodeEvents([delta("a"), { type: "ping" }])).toBe(
      `${encoded('"a"')}event: ping\ndata: {"type":"ping"}\n\n`,
    );
  });
});
