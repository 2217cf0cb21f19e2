import { describe, expect, test } from "bun:test";
import type { ProfileId } from "../../../../src/profiles/profile-ids.ts";
import {
  type TranslatedAnswer,
  translateCompletion,
  translateStream,
} from "../../../support/translate-answer.ts";

const tools = [
  { name: "Bash", input_schema: { type: "object", properties: { command: { type: "string" } } } },
];

function streamed(deltas: readonly object[], profile: ProfileId = "generic"): TranslatedAnswer {
  const messages = [{ role: "user", content: "hi" }];
  const request = { model: "c", max_tokens: 100, messages, tools };
  const chunks = [
    ...deltas.map((delta) => ({ choices: [{ index: 0, delta, finish_reason: null }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  ];
  const lines = [...chunks.map((chunk) => JSON.stringify(chunk)), "[DONE]"];
  const body = lines.map((line) => `data: ${line}\n\n`).join("");
  return translateStream({ profile, model: "m", request }, [new TextEncoder().encode(body)]);
}

function toldBy({ message }: TranslatedAnswer): unknown[] {
  return (message?.content ?? []).map((block) => {
    if (block.type === "thinking") return `thinks ${block.thinking}`;
    if (block.type === "text") return `says ${block.text}`;
    return block.type === "tool_use" ? [block.id, block.input] : block.type;
  });
}

const call = (fields: object, index = 0) => ({ tool_calls: [{ index, ...fields }] });
const bash = (text: string) => ({ id: "a", function: { name: "Bash", arguments: text } });

describe("what comes while something else is open", () => {
  test("[mutant] reasoning behind an open call is kept, all of it", () => {
    const deltas = [
      call(bash('{"command":')),
      { reasoning_content: "one " },
      { reasoning_content: "two" },
      call({ function: { arguments: '"ls"}' } }),
    ];
    expect(toldBy(streamed(deltas))).toEqual([["a", { command: "ls" }], "thinks one two"]);
  });

  test("[mutant] MiniMax: a snapshot begins anew behind a block", () => {
    const details = (text: string) => ({ reasoning_details: [{ type: "reasoning.text", text, index: 0 }] });
    const deltas = [details("Let"), details("Let me"), { content: "So." }, details("Let me see")];
    expect(toldBy(streamed(deltas, "minimax"))).toEqual(["thinks Let me", "says So.", "thinks Let me see"]);
  });

  test("[mutant] text behind a call waits for one that has begun without a name", () => {
    const named = call({ function: { name: "Bash", arguments: "{}" } }, 1);
    const deltas = [call(bash('{"command":"ls"}')), call({ id: "b" }, 1), { content: "So." }, named];
    expect(toldBy(streamed(deltas))).toEqual([["a", { command: "ls" }], ["b", {}], "says So."]);
  });

  test("[mutant] a place-holder for a call that is closed is left out, with a warning; blanks without one", () => {
    const deltas = [call(bash('{"command":"ls"}')), { content: "So." }];
    const late = (text: string) => streamed([...deltas, call({ function: { arguments: text } })]);
    expect(late(" \n").warnings).toEqual(["the upstream told no usage"]);
    expect(late("{}").warnings).toEqual([
      "arguments that came twice were taken once",
      "the upstream told no usage",
    ]);
    expect(toldBy(late("{}"))).toEqual([["a", { command: "ls" }], "says So."]);
    expect(toldBy(late('{"command":"df"}'))).toEqual([
      ["a", { command: "ls" }],
      "says So.",
      [expect.any(String), { command: "df" }],
    ]);
  });
});

test.each([
  [0, [["a", {}]]],
  [999_999, [["a", {}]]],
  [1_000_000, "upstream.test sent a tool call with an impossible index"],
  [-1, "upstream.test sent a tool call with an impossible index"],
  [0.5, "upstream.test sent a tool call with an impossible index"],
])("[mutant] a call with the index %p", (index, expected) => {
  const answer = streamed([call(bash("{}"), index)]);
  const end = answer.events.at(-1);
  expect<unknown>(end?.type === "error" ? end.error.message : toldBy(answer)).toEqual(expected);
});

describe("[F9] what is told to the log", () => {
  const warningsOf = (parts: readonly object[]) => streamed([{ content: parts }]).warnings;

  test("no warning is longer than 256 characters, and there are no more than 50", () => {
    const parts = Array.from({ length: 1000 }, (_, index) => ({ type: `${index} ${"x".repeat(10_000)}` }));
    const warnings = warningsOf(parts);
    expect(warnings).toHaveLength(50);
    expect(Math.max(...warnings.map(({ length }) => length))).toBe(256);
  });

  test("[F13] a type that is no text is not made one", () => {
    expect(warningsOf([{ type: { toString: 1 } }])[0]).toBe("a part of type undefined was left out");
  });
});

describe("[F4 4.8:room] the room of an answer", () => {
  const tooLong = "upstream.test's answer is longer than 33554432 characters";
  const failureOf = (answer: TranslatedAnswer) => {
    const end = answer.events.at(-1);
    return end?.type === "error" ? end.error.message : null;
  };
  const megabyte = "0123456789abcdef".repeat(65_536);

  test("32 Mi characters pass, one more does not, and what came before it was told", () => {
    const full = Array.from({ length: 32 }, () => ({ content: megabyte.slice(16) }));
    // A block takes 500 of them.
    const rest = 32 * 16 - 500;
    const passed = streamed([...full, { content: "x".repeat(rest) }]);
    expect(failureOf(passed)).toBeNull();
    const failed = streamed([...full, { content: "x".repeat(rest) }, { content: "x" }]);
    expect(failureOf(failed)).toBe(tooLong);
    expect(failed.message?.content).toEqual(passed.message?.content ?? []);
  });

  test("an answer that is whole has no more", () => {
    const request = { model: "c", max_tokens: 100, messages: [{ role: "user", content: "hi" }] };
    const choices = [{ message: { content: megabyte.repeat(33) }, finish_reason: "stop" }];
    expect(failureOf(translateCompletion({ profile: "generic", model: "m", request }, { choices }))).toBe(
      tooLong,
    );
  });

  test("a signature that joins a detail takes room, too", () => {
    const detail = (signature: string | null, index: number) => ({
      reasoning_details: [{ type: "reasoning.text", text: "a", index, signature }],
    });
    const deltas = Array.from({ length: 33 }, (_, index) => [detail(null, index), detail(megabyte, index)]);
    expect(failureOf(streamed(deltas.flat(), "openrouter"))).toBe(tooLong);
  });

  test("10,000 calls pass, 180,000 in one event do not", () => {
    const calls = (count: number) => ({
      tool_calls: Array.from({ length: count }, (_, index) => ({
        index,
        id: `call_${index}`,
        function: { name: "Bash", arguments: "{}" },
      })),
    });
    const passed = streamed([calls(10_000)]);
    expect([failureOf(passed), passed.message?.content.length]).toEqual([null, 10_000]);
    expect(failureOf(streamed([calls(180_000)]))).toBe(tooLong);
  });
});

test.each(["stop_reason", "matched_stop"])(
  "[3.2:stop_sequence] %s beside the finish reason tells which stop sequence it was",
  (member) => {
    const messages = [{ role: "user", content: "hi" }];
    const request = { model: "c", max_tokens: 100, messages, stop_sequences: ["A", "END"] };
    const deltas = [
      { index: 0, delta: { content: "So" } },
      { index: 0, delta: {}, finish_reason: "stop", [member]: "END" },
    ];
    const lines = [...deltas.map((choice) => JSON.stringify({ choices: [choice] })), "[DONE]"];
    const body = lines.map((line) => `data: ${line}\n\n`).join("");
    const { message } = translateStream({ profile: "vllm", model: "m", request }, [
      new TextEncoder().encode(body),
    ]);
    expect([message?.stop_reason, message?.stop_sequence]).toEqual(["stop_sequence", "END"]);
  },
);
