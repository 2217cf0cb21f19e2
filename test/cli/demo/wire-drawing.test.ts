import { expect, test } from "bun:test";
import { createWireDrawing } from "../../../src/cli/demo/wire-drawing.ts";
import type { WireEntry } from "../../../src/cli/demo/wire-entry.ts";
import { createPaint } from "../../../src/logging/paint.ts";

const headings = { client: ["CLIENT", "left"], upstream: ["UPSTREAM"] };

const messagesRequest: WireEntry = {
  direction: "request",
  title: "POST /v1/messages",
  value: "",
  fields: [
    { name: "model", value: '"claude-sonnet-5-5"' },
    { name: "max_tokens", value: "1024" },
  ],
};

const chatRequest: WireEntry = {
  direction: "request",
  title: "POST /v1/chat/completions",
  value: "",
  fields: [{ name: "model", value: '"demonstration-medium, a name that is too long for the column"' }],
};

function answer(title: string, value: string): WireEntry {
  return { direction: "answer", title, value, fields: [] };
}

/** Draws one exchange: a chunk that makes no event, one that makes two, one that makes one. */
function draw(columns: number, useColor = false): string {
  let text = "";
  const drawing = createWireDrawing({
    columns,
    paint: createPaint(useColor),
    write: (rows) => {
      text += rows;
    },
  });
  drawing.head(headings);
  drawing.add("client", messagesRequest);
  drawing.add("upstream", chatRequest);
  drawing.add("upstream", answer("delta.role", '"assistant"'));
  drawing.add("upstream", answer("delta.content", '"Hello"'));
  drawing.add("client", answer("content_block_start", '0  type="text"'));
  drawing.add("client", answer("content_block_delta", '0  "Hello"'));
  drawing.add("upstream", answer("[DONE]", ""));
  drawing.add("client", answer("message_stop", ""));
  drawing.end();
  return text;
}

test("side by side, what belongs together stands on one row", () => {
  expect(draw(100)).toBe(
    `
CLIENT                                           │ UPSTREAM
left                                             │
─────────────────────────────────────────────────┼─────────────────────────────────────────────────
→ POST /v1/messages                              │ → POST /v1/chat/completions
    model       "claude-sonnet-5-5"              │     model  "demonstration-medium, a name that is
    max_tokens  1024                             │            too long for the column"
                                                 │
                                                 │ ← delta.role           "assistant"
← content_block_start  0  type="text"            │ ← delta.content        "Hello"
← content_block_delta  0  "Hello"                │
← message_stop                                   │ ← [DONE]
`.slice(1),
  );
});

test("stacked, everything stands in the order in which it passed", () => {
  expect(draw(80)).toBe(
    `
client   │ CLIENT
client   │ left
upstream │ UPSTREAM
─────────┼──────────────────────────────────────────────────────────────────────
client   │ → POST /v1/messages
client   │     model       "claude-sonnet-5-5"
client   │     max_tokens  1024
upstream │ → POST /v1/chat/completions
upstream │     model  "demonstration-medium, a name that is too long for the
upstream │            column"
upstream │ ← delta.role           "assistant"
upstream │ ← delta.content        "Hello"
client   │ ← content_block_start  0  type="text"
client   │ ← content_block_delta  0  "Hello"
upstream │ ← [DONE]
client   │ ← message_stop
`.slice(1),
  );
});

test("a long title has its value beside it if that fits, else below it, where the other values begin", () => {
  const drawn = (columns: number) => {
    let text = "";
    const write = (rows: string) => {
      text += rows;
    };
    const drawing = createWireDrawing({ columns, paint: createPaint(false), write });
    drawing.add("upstream", answer("output_text.delta", '"a text"'));
    drawing.add("upstream", answer("function_call_arguments.delta", '"from the demonstration upstream"'));
    return text;
  };
  expect(drawn(80)).toBe(
    `
upstream │ ← output_text.delta    "a text"
upstream │ ← function_call_arguments.delta  "from the demonstration upstream"
`.slice(1),
  );
  expect(drawn(60)).toBe(
    `
upstream │ ← output_text.delta    "a text"
upstream │ ← function_call_arguments.delta
upstream │                        "from the demonstration
upstream │                        upstream"
`.slice(1),
  );
});

test.each([60, 80, 99, 100, 120, 160])("at %d columns no row is wider", (columns) => {
  const widths = draw(columns)
    .trimEnd()
    .split("\n")
    .map((row) => Bun.stringWidth(row));
  expect(Math.max(...widths)).toBe(columns >= 100 ? 2 * Math.floor((columns - 3) / 2) + 3 : columns);
});

test("a terminal without a width gets rows of 60 columns, a very wide one of 160", () => {
  expect([draw(0), draw(400)]).toEqual([draw(60), draw(160)]);
});

test.each([80, 120])("at %d columns colour changes nothing but the colour", (columns) => {
  const colored = draw(columns, true);
  expect(Bun.stripANSI(colored).replaceAll(/ +$/gm, "")).toBe(draw(columns));
  expect(colored).toContain('\u001b[38;5;28m"Hello"\u001b[39m');
});

test("a text is green, the name of a member is not", () => {
  let text = "";
  const write = (rows: string) => {
    text += rows;
  };
  const drawing = createWireDrawing({ columns: 80, paint: createPaint(true), write });
  drawing.add("upstream", answer("x", '{"type":"a \\" b"}'));
  expect(text).toEndWith('{"type":\u001b[38;5;28m"a \\" b"\u001b[39m}\n');
});
