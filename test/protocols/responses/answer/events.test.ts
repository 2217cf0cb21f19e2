import { describe, expect, test } from "bun:test";
import { describeEvents } from "../../../support/describe-events.ts";
import { describeMessage } from "./describe-message.ts";
import {
  added,
  args,
  asked,
  call,
  completed,
  created,
  doneItem,
  message,
  on,
  reasoning,
  summarized,
  summary,
  text,
} from "./events.ts";
import { createResponsesTranslator, translateEvents } from "./translate-response.ts";

const estimate = { inputTokens: 7, outputTokens: 3 };
const head = ["message_start", "ping"];
const stop = "content_block_stop";

/** What each event gives by itself. */
function step(...events: object[]): string[][] {
  const translator = createResponsesTranslator(asked);
  return events.map((event) => describeEvents(translator.push(event, estimate)));
}

function blocks(...events: (object | string)[]): string[] {
  return describeMessage(translateEvents(asked, events).message);
}

describe("what each event gives", () => {
  test("[24.2:first] the first events give nothing but the id", () => {
    const translator = createResponsesTranslator(asked);
    const events = [
      created,
      on("queued", { response: {} }),
      on("in_progress", { response: { id: "other" } }),
    ];
    expect(events.flatMap((event) => translator.push(event, estimate))).toEqual([]);
    expect([translator.isStarted, translator.summary.upstreamId]).toEqual([false, "resp_1"]);
  });

  test("[24.2:added 24.5:open] a message or reasoning that begins gives nothing, a call opens", () => {
    expect(step(added(0, reasoning({})), added(1, message()), added(2, call("call_A", "Bash")))).toEqual([
      [],
      [],
      [...head, "tool call_A Bash"],
    ]);
  });

  test("[24.2:text] text is text, and a part that begins is not", () => {
    const part = { type: "output_text", text: "", annotations: [] };
    expect(
      step(
        on("content_part.added", { output_index: 0, content_index: 0, part }),
        text(0, "Hel"),
        text(0, "lo"),
      ),
    ).toEqual([[], [...head, "text", "Hel"], ["lo"]]);
  });

  test("[24.2:refusal] a refusal is text and the reason of the end", () => {
    const told = translateEvents(asked, [
      on("refusal.delta", { output_index: 0, content_index: 0, delta: "I can't." }),
      on("refusal.done", { output_index: 0, content_index: 0, refusal: "I can't." }),
      on("content_part.done", {
        output_index: 0,
        content_index: 0,
        part: { type: "refusal", refusal: "I can't." },
      }),
      completed(),
    ]).message;
    expect([describeMessage(told), told?.stop_reason, told?.stop_details?.explanation]).toEqual([
      ["text I can't."],
      "refusal",
      "I can't.",
    ]);
  });

  test.each([
    ["announced", [on("reasoning_summary_part.added", { output_index: 0, summary_index: 1 })]],
    ["not announced (Ollama)", []],
  ])("[24.2:summary] the parts of a summary have a blank line between them, %s", (_, between) => {
    expect(step(summary(0, "Look"), ...between, summary(0, "Then", 1), summary(0, " run", 1)).flat()).toEqual(
      [...head, ...["thinking", "Look", "\n\nThen", " run"]],
    );
  });

  test("[24.2:reasoning-text] reasoning itself is thinking, unless a summary was shown, and the other way round", () => {
    const itself = (delta: string) =>
      on("reasoning_text.delta", { output_index: 0, content_index: 0, delta });
    expect(step(itself("Easy."), summary(0, "S"), itself(" 4")).flat()).toEqual([
      ...head,
      "thinking",
      "Easy.",
      " 4",
    ]);
    expect(step(summary(0, "S"), itself("Easy.")).flat()).toEqual([...head, "thinking", "S"]);
    const part = { type: "reasoning_text", text: "Hm." };
    expect(step(on("content_part.done", { output_index: 0, content_index: 0, part })).flat()).toEqual([
      ...head,
      "thinking",
      "Hm.",
    ]);
  });

  test("[24.2:unknown] anything else gives nothing and is no failure", () => {
    const events = ["keepalive", "ping", "codex.rate_limits", "response.metadata", "response.debug"].map(
      (type) => ({
        type,
        message: "m",
        code: 1,
      }),
    );
    const search = on("web_search_call.searching", { output_index: 0, item_id: "ws_1" });
    expect(blocks(created, ...events, search, {}, text(0, "a"), completed())).toEqual(["text a"]);
  });

  test("[24.2:end] nothing is read behind the terminal event", () => {
    expect(blocks(text(0, "a"), completed(), text(0, "b"), "{")).toEqual(["text a"]);
  });
});

describe("which record an event belongs to", () => {
  test("[24.3:index] ids are not compared where there is an index", () => {
    const ofIds = ["a1", "b7"].map((item_id, place) => text(1, place === 0 ? "Hel" : "lo", { item_id }));
    const whole = on("output_text.done", { output_index: 1, content_index: 0, item_id: "c3", text: "Hello" });
    const output = [reasoning({ encrypted_content: null }), { ...message("Hello"), id: "z" }];
    expect(blocks(...ofIds, whole, completed(output))).toEqual(["text Hello"]);
  });

  test("[24.3:id] without an index the id tells, of the item or of its call (llama.cpp)", () => {
    expect(
      blocks(
        added(undefined, { type: "function_call", call_id: "fc_a", name: "Bash", arguments: "" }),
        added(undefined, { type: "function_call", call_id: "fc_b", name: "Read", arguments: "" }),
        args(undefined, '{"command":', { item_id: "fc_a" }),
        args(undefined, '{"file_path":"b"}', { item_id: "fc_b" }),
        args(undefined, '"a"}', { item_id: "fc_a" }),
        completed(),
      ),
    ).toEqual(['call fc_a Bash {"command":"a"}', 'call fc_b Read {"file_path":"b"}']);
  });

  test("[24.3:last] without either it is the item that began last", () => {
    expect(
      blocks(
        added(undefined, { type: "message" }),
        text(undefined, "a"),
        added(undefined, { type: "function_call", name: "Bash", call_id: "call_A" }),
        args(undefined, "{}"),
        text(undefined, "b"),
        completed(),
      ),
    ).toEqual(["text a", "call call_A Bash {}", "text b"]);
  });

  test("[24.3:another] another call at a known index is a new one", () => {
    expect(
      blocks(
        added(0, call("call_A", "Bash")),
        args(0, '{"command":"a"}'),
        added(0, call("call_B", "Read")),
        args(0, '{"file_path":"b"}'),
        completed([call("call_A", "Bash", '{"command":"a"}'), call("call_B", "Read", '{"file_path":"b"}')]),
      ),
    ).toEqual(['call call_A Bash {"command":"a"}', 'call call_B Read {"file_path":"b"}']);
  });

  test("[24.3:another] a call keeps the id with which it was announced", () => {
    expect(
      blocks(
        added(0, call("call_A", "Bash")),
        doneItem(0, call("call_B", "Bash", '{"command":"a"}')),
        added(0, call("call_B", "Read")),
        args(0, '{"file_path":"b"}'),
        completed(),
      ),
    ).toEqual(['call call_A Bash {"command":"a"}', 'call call_B Read {"file_path":"b"}']);
  });

  test("[24.3:own-kind] an event of an item that was not announced begins one of its own kind", () => {
    expect(blocks(text(0, "a"), summary(0, "why"), completed())).toEqual(["text a", "thinking why"]);
  });
});

describe("texts that come more than once", () => {
  const whole = (value: string) => on("output_text.done", { output_index: 0, content_index: 0, text: value });
  const warning = "a whole text differs from its pieces";

  test.each([
    ["nothing of which came", [whole("Hello")], ["text Hello"], []],
    ["whose beginning came", [text(0, "Hel"), whole("Hello")], ["text Hello"], []],
    ["that came", [text(0, "Hello"), whole("Hello"), doneItem(0, message("Hello"))], ["text Hello"], []],
    ["that differs", [text(0, "Help"), whole("Hello")], ["text Help"], [warning]],
    [
      "that differs only later",
      [text(0, "Hello"), whole("Hello"), doneItem(0, message("Other"))],
      ["text Hello"],
      [],
    ],
    ["in an item", [text(0, "Hel"), doneItem(0, message("Hello", " all"))], ["text Hello all"], []],
    ["that is empty", [text(0, "Hel"), whole(""), text(0, "lo")], ["text Hello"], []],
    [
      "that is no text",
      [text(0, "Hel"), on("output_text.done", { output_index: 0, text: 5 })],
      ["text Hel"],
      [],
    ],
  ] as const)("[24.4:rest] of a whole text %s, only the rest is written", (_, events, expected, warnings) => {
    const told = translateEvents(asked, [...events, completed()]);
    expect([describeMessage(told.message), told.warnings]).toEqual([[...expected], [...warnings]]);
  });

  test("[24.4:late] a rest that comes when its block is closed gets a new one", () => {
    const told = translateEvents(asked, [
      text(0, "Hel"),
      added(1, call("call_A", "Bash")),
      doneItem(1, call("call_A", "Bash", "{}")),
      whole("Hello"),
      completed(),
    ]);
    expect(describeMessage(told.message)).toEqual(["text Hel", "call call_A Bash {}", "text lo"]);
    expect(told.warnings).toEqual(["the rest of a text came after another one had begun"]);
  });

  test("[24.4:messages] two messages are two blocks, the parts of one are one", () => {
    expect(
      blocks(
        text(0, "a"),
        text(0, "b", { content_index: 1 }),
        added(1, message()),
        text(1, "c"),
        completed(),
      ),
    ).toEqual(["text ab", "text c"]);
  });
});

describe("reasoning and its blobs", () => {
  test("[24.6:signature] what ends an item reaches the signature of its block", () => {
    expect(
      step(
        added(0, reasoning({ encrypted_content: "short" })),
        summary(0, "Look"),
        doneItem(
          0,
          reasoning({ summary: summarized("Look"), encrypted_content: "full", status: "completed" }),
        ),
        text(1, "So."),
      ),
    ).toEqual([
      [],
      [...head, "thinking", "Look"],
      [],
      ['signed [{"type":"reasoning","id":"rs_1","encrypted_content":"full"}]', stop, "text", "So."],
    ]);
  });

  test("[24.6:next] another item begins a block of its own", () => {
    expect(
      blocks(
        summary(0, "one"),
        doneItem(0, reasoning({ encrypted_content: "A" })),
        added(1, reasoning({})),
        doneItem(1, reasoning({ encrypted_content: "B", summary: summarized("two", "three") })),
        completed(),
      ),
    ).toEqual(["thinking one [A]", "thinking two\n\nthree [B]"]);
  });

  test("[24.6:late] what comes later than the next block is carried by one of its own", () => {
    expect(
      blocks(
        on("reasoning_text.delta", { output_index: 0, delta: "Easy." }),
        text(1, "4"),
        doneItem(1, message("4")),
        doneItem(0, reasoning({ encrypted_content: "Q" })),
        completed(),
      ),
    ).toEqual(["thinking Easy.", "text 4", "redacted [Q]"]);
  });

  test("[24.6:no-text] without a text it is carried before the next block", () => {
    expect(
      blocks(
        doneItem(0, reasoning({ encrypted_content: "B" })),
        added(1, call("call_C", "Bash")),
        doneItem(1, call("call_C", "Bash", "{}")),
        completed(),
      ),
    ).toEqual(["redacted [B]", "call call_C Bash {}"]);
  });

  test("[24.6:omitted] reasoning that the client does not want to see is collected only", () => {
    const hidden = {
      ...asked,
      request: { ...Object(asked.request), thinking: { type: "adaptive", display: "omitted" } },
    };
    const told = translateEvents(hidden, [
      summary(0, "Look"),
      doneItem(0, reasoning({ encrypted_content: "A" })),
      text(1, "So."),
      completed(),
    ]);
    expect(describeMessage(told.message)).toEqual(["thinking  [A]", "text So."]);
    const plain = translateEvents({ ...hidden, profile: "vllm", baseUrl: "http://127.0.0.1:8000/v1" }, [
      on("reasoning_text.delta", { output_index: 0, delta: "Easy." }),
      text(1, "So."),
      completed(),
    ]);
    expect(describeMessage(plain.message)).toEqual(["thinking  (Easy.)", "text So."]);
  });

  test.each([
    ["the first one counts", [{ encrypted_content: "A" }, { encrypted_content: "B" }], "redacted [A]"],
    ["null erases nothing", [{ encrypted_content: "A" }, { encrypted_content: null }], "redacted [A]"],
    [
      "an empty one is none (llama.cpp)",
      [{ encrypted_content: "" }, { encrypted_content: "B" }],
      "redacted [B]",
    ],
  ])("[23.3:once] of several blobs of an item, %s", (_, told, expected) => {
    const [done = {}, last = {}] = told;
    expect(blocks(doneItem(0, reasoning(done)), completed([reasoning(last)]))).toEqual([expected]);
  });

  test("[23.3:members] OpenRouter's own members are kept, what is shown and what says nothing is not", () => {
    const item = {
      format: "f",
      signature: "s",
      status: "completed",
      encrypted_content: "A",
      summary: summarized("S"),
    };
    const translator = createResponsesTranslator(asked);
    const events = translator.push(completed([reasoning(item)]), estimate);
    expect(describeEvents([...events, ...translator.finish("done", estimate)])[4]).toBe(
      'signed [{"type":"reasoning","id":"rs_1","encrypted_content":"A","format":"f","signature":"s"}]',
    );
  });

  test("[23.3:repeated] a blob that is the text itself is not carried (Ollama)", () => {
    expect(blocks(completed([reasoning({ summary: summarized("Hm."), encrypted_content: "Hm." })]))).toEqual([
      "thinking Hm.",
    ]);
  });

  test("[23.3:search] reasoning that a call of the upstream's own follows is shown, and not carried", () => {
    const search = { type: "web_search_call", action: { type: "search", query: "q" } };
    expect(
      blocks(
        summary(0, "one"),
        doneItem(0, reasoning({ encrypted_content: "A" })),
        added(1, { type: "web_search_call" }),
        doneItem(1, search),
        doneItem(2, reasoning({ encrypted_content: "B" })),
        text(3, "So."),
        completed(),
      ),
    ).toEqual(["thinking one", "redacted [B]", "text So."]);
    expect(
      blocks(
        completed([
          reasoning({ encrypted_content: "A" }),
          search,
          reasoning({ encrypted_content: "B" }),
          message("So."),
        ]),
      ),
    ).toEqual(["redacted [B]", "text So."]);
    expect(
      blocks(
        added(0, reasoning({})),
        added(1, search),
        doneItem(0, reasoning({ encrypted_content: "A" })),
        text(2, "x"),
        completed(),
      ),
    ).toEqual(["text x"]);
  });
});
