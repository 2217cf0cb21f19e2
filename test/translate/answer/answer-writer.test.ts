import { describe, expect, test } from "bun:test";
import { selectProfile } from "../../../src/profiles/select-profile.ts";
import type { AnswerPlan } from "../../../src/translate/answer/answer-plan.ts";
import { AnswerRoom } from "../../../src/translate/answer/answer-room.ts";
import { type AnswerEnd, AnswerWriter } from "../../../src/translate/answer/answer-writer.ts";
import { RequestedTools } from "../../../src/translate/tools/requested-tools.ts";
import { UpstreamError } from "../../../src/upstream/upstream-error.ts";
import { describeEvents } from "../../support/describe-events.ts";

const estimate = { inputTokens: 7, outputTokens: 3 };
const schema = { properties: { command: { type: "string" } } };
const plan: AnswerPlan = {
  model: "m",
  maxTokens: null,
  tools: new RequestedTools(["Bash", "Read"].map((name) => [name, { name, inputSchema: schema }])),
  usedToolIds: new Set(),
  stopSequences: [],
  watchesStopSequences: false,
  thinkingDisplay: "shown",
  thinkingIsOn: true,
  wantsContextManagement: false,
  webSearchQuery: null,
  prefill: null,
};
const profile = selectProfile({
  setting: "openrouter",
  baseUrl: "https://upstream.test/v1",
  model: "openai/m",
});
const done: AnswerEnd = {
  ending: "done",
  stated: { kind: "done", stopSequence: null, warning: null },
  usage: null,
};

/** A writer for a wire whose answers are lists of items, each of which is whole at some time. */
function createWriter(changed: Partial<AnswerPlan> = {}, holdsToolArguments = false) {
  const pending: object[] = [];
  const reasoning = {
    get isPending() {
      return pending.length > 0;
    },
    take: () => ({ details: pending.splice(0) }),
  };
  const options = {
    messageId: "msg_1",
    clientModel: "claude-opus-5-5",
    plan: { ...plan, ...changed },
    profile,
    newId: (prefix: string) => `${prefix}_1`,
    holdsToolArguments,
  };
  const writer = new AnswerWriter(options, { reasoning, room: new AnswerRoom() });
  const end = (how: AnswerEnd = done, sayRest = () => {}) => {
    writer.settle(how, sayRest);
    return describeEvents(writer.finish(how, estimate));
  };
  return { writer, pending, take: () => describeEvents(writer.take(estimate)), end };
}

const head = ["message_start", "ping"];
const stop = "content_block_stop";
const piece = (json: string) => ({ id: null, name: null, arguments: json, thoughtSignature: null });
const named = (id: string, name: string) => ({ id, name, arguments: "", thoughtSignature: null });

describe("an answer that comes as items", () => {
  test("what has to go back of the reasoning comes when its item ends, and goes out behind its text", () => {
    const { writer, pending, take } = createWriter();
    writer.thinking("Look at ");
    writer.thinking("the test");
    expect(take()).toEqual([...head, "thinking", "Look at ", "the test"]);
    pending.push({ type: "reasoning", encrypted_content: "A" });
    expect(take()).toEqual([]);
    writer.text("I'll run it.");
    expect(take()).toEqual([
      'signed [{"type":"reasoning","encrypted_content":"A"}]',
      stop,
      "text",
      "I'll run it.",
    ]);
  });

  test("reasoning that shows nothing is carried before what follows it, or before the end", () => {
    const { writer, pending, take, end } = createWriter();
    pending.push({ id: 1 });
    writer.text("4");
    expect(take()).toEqual([...head, 'redacted [{"id":1}]', stop, "text", "4"]);
    pending.push({ id: 2 });
    expect(end()).toEqual([stop, 'redacted [{"id":2}]', stop, "end end_turn", "message_stop"]);
  });

  test("each item has a block of its own", () => {
    const { writer, pending, take } = createWriter();
    writer.thinking("one");
    pending.push({ id: 1 });
    writer.endBlock();
    writer.thinking("two");
    writer.endBlock();
    writer.text("three");
    writer.endBlock();
    writer.endBlock();
    writer.text("four");
    expect(take()).toEqual([
      ...head,
      ...["thinking", "one", 'signed [{"id":1}]', stop],
      ...["thinking", "two", "signed []", stop],
      ...["text", "three", stop],
      ...["text", "four"],
    ]);
  });

  test("pieces of two calls that are mixed go out one call behind the other", () => {
    const { writer, take, end } = createWriter();
    const bash = writer.beginCall();
    bash.push(named("call_A", "Bash"));
    bash.push(piece('{"command":'));
    const read = writer.beginCall();
    read.push(named("call_B", "Read"));
    read.push(piece('{"comm'));
    expect(take()).toEqual([...head, "tool call_A Bash", "{"]);
    bash.push(piece('"ls"}'));
    expect([bash.isComplete, read.isComplete]).toEqual([true, false]);
    expect(take()).toEqual(['"command":"ls"}', stop, "tool call_B Read", "{"]);
    read.push(piece('and":"x"}'));
    expect(take()).toEqual(['"command":"x"}']);
    expect(end()).toEqual([stop, "end tool_use", "message_stop"]);
  });

  test("a call that is told to be over is closed at once, whatever may follow its arguments elsewhere", () => {
    const { writer, take, end } = createWriter();
    const bash = writer.beginCall();
    bash.push(named("call_A", "Bash"));
    const read = writer.beginCall();
    read.push(named("call_B", "Read"));
    bash.pushArguments("{}");
    read.pushArguments('{"command":"x"}');
    read.complete();
    expect(take()).toEqual([...head, "tool call_A Bash"]);
    bash.complete();
    const second = ["tool call_B Read", '{"command":"x"}', stop];
    expect(take()).toEqual(["{}", stop, ...second]);
    expect(end()).toEqual(["end tool_use", "message_stop"]);
  });

  test("a call that is over in the middle of its arguments stays open until the end, which decides", () => {
    const { writer, take, end } = createWriter();
    const bash = writer.beginCall();
    bash.push({ ...named("call_A", "Bash"), arguments: '{"command":"l' });
    bash.complete();
    expect(take()).toEqual([...head, "tool call_A Bash", '{"command":"l']);
    expect(end()).toEqual([]);
    expect(writer.failure?.message).toBe("the upstream broke off in a tool call");
  });

  test("whole arguments replace pieces that the client has not seen", () => {
    const { writer, take } = createWriter();
    const bash = writer.beginCall();
    bash.pushArguments('{"wrong":1');
    expect([bash.received.text, bash.replaceArguments('{"command":"ls"}')]).toEqual(['{"wrong":1', true]);
    bash.push(named("call_A", "Bash"));
    expect(take()).toEqual([...head, "tool call_A Bash", '{"command":"ls"}']);
    expect([bash.received.text, bash.replaceArguments("{}")]).toEqual(['{"command":"ls"}', false]);
  });

  test("a call that stands for several becomes those, at its place", () => {
    const { writer, take } = createWriter();
    const both = writer.beginCall();
    const last = writer.beginCall();
    last.push(named("call_B", "Read"));
    last.complete();
    both.split([
      { ...named("call_A_0", "Read"), arguments: '{"command":"x"}' },
      { ...named("call_A_1", "Bash"), arguments: "{}" },
    ]);
    expect(take()).toEqual([
      ...head,
      ...["tool call_A_0 Read", '{"command":"x"}', stop],
      ...["tool call_A_1 Bash", "{}", stop],
      ...["tool call_B Read", "{}", stop],
    ]);
  });

  test("pages that are cited come before those that were only found, each once", () => {
    const { writer, end } = createWriter({ webSearchQuery: "guessed" });
    writer.searched("bun 2");
    writer.searched("another");
    for (const url of ["u1", "u2", "u1"]) writer.found(url);
    writer.cite("u2", "T");
    writer.text("So.");
    writer.found("u1");
    writer.cite("u1", "late");
    writer.cite("u3", "new");
    writer.cite("u3", "new");
    for (let page = 0; page < 30; page += 1) writer.found(`f${page}`);
    const pagesOf = (event: object) => JSON.stringify(event).match(/"url":"[^"]+"/g)?.length;
    const events = writer.take(estimate);
    expect(describeEvents(events)).toEqual([
      ...head,
      ...["server_tool_use", '{"query":"bun 2"}', stop, "web_search_tool_result", stop],
      ...["text", "So."],
    ]);
    expect(JSON.stringify(events)).toContain('"url":"u2","title":"T"');
    expect(events.map(pagesOf).filter(Boolean)).toEqual([2]);
    expect(end()).toHaveLength(8);
    expect(writer.summary.usage?.server_tool_use).toEqual({ web_search_requests: 2, web_fetch_requests: 0 });
  });

  test("a call that the output limit cut is left out where nothing of it was sent", () => {
    const { writer, take, end } = createWriter({}, true);
    writer.beginCall().push({ ...named("call_A", "Bash"), arguments: '{"command":"ls"}' });
    writer.beginCall().push({ ...named("call_B", "Read"), arguments: '{"comm' });
    expect(take()).toEqual([...head, "tool call_A Bash", '{"command":"ls"}', stop]);
    const length = { kind: "length", stopSequence: null, warning: "incomplete" } as const;
    expect(end({ ...done, stated: length })).toEqual(["end max_tokens", "message_stop"]);
    expect(writer.summary.warnings).toContain("incomplete");
  });

  test("a refusal is text, and why the answer ends", () => {
    const { writer, take, end } = createWriter();
    writer.refusal("I can't ");
    writer.refusal("help.");
    expect(take()).toEqual([...head, "text", "I can't ", "help."]);
    expect(end()).toEqual([stop, "end refusal", "message_stop"]);
  });

  test("the text of a call's beginning is text once a call follows", () => {
    const { writer, take } = createWriter();
    writer.text("So <tool_c");
    writer.beginCall().push(named("call_A", "Bash"));
    expect(take()).toEqual([...head, "text", "So <tool_c", stop, "tool call_A Bash"]);
  });
});

describe("a failure", () => {
  const failure = new UpstreamError("http", "overloaded", { status: 529 });

  test("that a step throws is kept, and what is open stays open", () => {
    const { writer, end } = createWriter();
    writer.text("Hel");
    expect(
      end(done, () => {
        throw failure;
      }),
    ).toEqual([...head, "text", "Hel"]);
    expect(writer.failure).toBe(failure);
    expect(writer.isOver).toBe(true);
  });

  test("the first one counts, and an end behind it says nothing", () => {
    const { writer, take, end } = createWriter();
    writer.text("Hel");
    writer.fail(failure);
    writer.fail(new UpstreamError("timeout", "later"));
    expect(take()).toEqual([...head, "text", "Hel"]);
    let rests = 0;
    const sayRest = () => {
      rests += 1;
    };
    expect(end(done, sayRest)).toEqual([]);
    expect([writer.failure, rests]).toEqual([failure, 0]);
  });

  test("of ours goes on", () => {
    const { end } = createWriter();
    const sayRest = () => {
      throw new TypeError("ours");
    };
    expect(() => end(done, sayRest)).toThrow(TypeError);
  });

  test("a body that ends before the upstream said why", () => {
    const { writer, end } = createWriter();
    writer.text("Hel");
    expect(end({ ending: "end-of-body", stated: null, usage: null })).toEqual([...head, "text", "Hel"]);
    expect(writer.failure?.message).toBe("the upstream ended the stream early");
  });
});

test("what a wire held back is said once, before the end", () => {
  const { writer, end } = createWriter();
  const sayRest = () => writer.text("rest");
  writer.settle(done, sayRest);
  expect(writer.outputText.beginning).toBe("rest");
  expect(end(done, sayRest)).toEqual([...head, "text", "rest", stop, "end end_turn", "message_stop"]);
  expect(end(done, sayRest)).toEqual([]);
});

test("behind a stop sequence of ours nothing is heard of the wire", () => {
  const { writer, end } = createWriter({ stopSequences: ["END"], watchesStopSequences: true });
  writer.text("a END b");
  expect(writer.isOver).toBe(true);
  expect(end({ ...done, ending: "stopped", stated: null }, () => writer.text("rest"))).toEqual([
    ...head,
    ...["text", "a ", stop, "end stop_sequence", "message_stop"],
  ]);
});
