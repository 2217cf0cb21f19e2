import { describe, test } from "bun:test";
import { maxStopSequenceLength, maxStopSequences } from "../../../../src/anthropic/request-caps.ts";
import type { ChatChunk } from "../../../../src/protocols/chat/chat-response.ts";
import { bash, chunkOf, expectLinearAnswer, limitMs, type Shape, told, tools } from "./linear-answer.ts";

const content = (piece: string) => ({ content: piece });
const reasoning = (piece: string) => ({ reasoning_content: piece });
const callOf = (fields: object, name?: string) => ({
  tool_calls: [{ index: 0, ...(name === undefined ? {} : { id: "call_1" }), function: { name, ...fields } }],
});
const argumentsOf = (piece: string) => callOf({ arguments: piece });
const begun = callOf({ arguments: "" }, "Bash");
const openCall = callOf({ arguments: '{"command":"' }, "Bash");
const properties = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`property_${index}`, { type: "string" }]));
const fill = (unit: string) => (size: number) => unit.repeat(Math.ceil(size / unit.length));
const around = (begin: string, unit: string, end: string) => (size: number) => begin + fill(unit)(size) + end;
const kimiCall = (name: string) =>
  `<|tool_call_begin|>${name}<|tool_call_argument_begin|>{"command":"ls"}<|tool_call_end|>`;
const inSection = (unit: string) =>
  around("<|tool_calls_section_begin|>", unit, "<|tool_calls_section_end|>");
const leaked = { profile: "ollama" as const, fields: bash, delta: content };
const thinking = () => ({ thinking: { type: "adaptive" } });
const offered = { fields: bash, delta: content };
const called = { fields: bash, first: [begun], delta: argumentsOf, finishReason: "tool_calls" };

const shapes: Record<string, Shape> = {
  text: { text: fill("abcd "), delta: content },
  "text in parts": { text: fill("abcd "), delta: (text) => ({ content: [{ type: "text", text }] }) },
  refusal: { text: fill("abcd "), delta: (refusal) => ({ refusal }) },
  reasoning: { text: fill("abcd "), delta: reasoning },
  "reasoning in details": {
    profile: "openrouter",
    text: fill("abcd "),
    delta: (text) => ({ reasoning_details: [{ type: "reasoning.text", index: 0, text }] }),
  },
  "reasoning that may be snapshots": {
    profile: "minimax",
    text: fill("abcd "),
    delta: (text) => ({ reasoning_details: [{ type: "reasoning.text", index: 0, text }] }),
  },
  "text behind an open call": { fields: bash, first: [openCall], text: fill("abcd "), delta: content },
  "reasoning behind an open call": { fields: bash, first: [openCall], text: fill("ab "), delta: reasoning },
  "arguments before a name": { fields: bash, text: fill("abcd "), delta: argumentsOf },
  arguments: { ...called, text: around('{"command":"', "abc ", '"}') },
  "arguments with control characters": { ...called, text: around('{"command":"', "a\n", '"}') },
  "arguments with commas too many": { ...called, text: around('{"command":[', "[1,],", "1]}") },
  "arguments with open brackets": { ...called, text: around('{"command":', '[1,"",', "") },
  "arguments that are no JSON": { ...called, text: around("{", '"command":!', "") },
  "arguments that are no object": { ...called, text: around("[", "1, ", "1]") },
  "arguments in a string": { ...called, text: (size) => JSON.stringify(`{"command":"${"a".repeat(size)}"}`) },
  "arguments of many nulls": { ...called, text: around("{", '"timeout": null, ', '"command":""}') },
  "arguments of many keys": { ...called, text: around("{", '"time":1,', '"command":""}') },
  "a key that never ends": { ...called, text: around('{"', "timeout", "") },
  "a key of escapes": { ...called, text: around('{"', "\\u0074", "") },
  "blanks behind a key": { ...called, text: around('{"timeout"', " ", "") },
  "blanks behind a colon": { ...called, text: around('{"timeout":', " \n", "null}") },
  "text behind the arguments": { ...called, text: around("{}", "  }", "") },
  "a key as long as a property's": {
    ...called,
    fields: (size) => ({ tools: tools({ ["a".repeat(size)]: { type: "string" } }) }),
    text: (size) => `{"${"a".repeat(size)}":null}`,
  },
  "a tool of many properties": {
    ...called,
    fields: (size) => ({ tools: tools(properties(size / 20)) }),
    text: (size) =>
      JSON.stringify(Object.fromEntries(Object.keys(properties(size / 20)).map((key) => [key, null]))),
  },
  "a tag that is never closed": { text: around("<think>", "abcd ", ""), delta: content },
  "a tag that is closed": { text: around("<think>", "abcd ", "</think>ok"), delta: content },
  "tags in tags": { text: around("<think>", "<think>", ""), delta: content },
  "tags in tags that are closed": { text: around("<think>", "<think></think>", "</think>"), delta: content },
  "tags that are closed only": { text: fill("</think>"), delta: content },
  "blanks before a tag": { text: around("", " \n", "<think>a</think>b"), delta: content },
  "blanks behind a tag": { text: around("<think>a</think>", " \n", "b"), delta: content },
  "blanks in a name of Kimi's": { ...leaked, text: inSection(" ") },
  "blanks behind a name of Kimi's": { ...leaked, text: around(`${kimiCall("").slice(0, 19)}a`, " ", "") },
  "a long name of Kimi's": {
    ...leaked,
    text: (size) => inSection("")(0).replace("><", `>${kimiCall(`Bash${" ".repeat(size)}!`)}<`),
  },
  "blanks before calls of Kimi's": { ...leaked, text: inSection(`   ${kimiCall(":1")}`) },
  "calls of Kimi's": { ...leaked, text: inSection(kimiCall("functions.Bash:0")) },
  "calls of Kimi's of an unknown tool": { ...leaked, text: inSection(kimiCall("functions.functions.:1:1")) },
  "calls of Qwen-Coder's": {
    ...offered,
    text: fill("<function=Bash>\n<parameter=command>\nls\n</parameter>\n</function>\n"),
  },
  "ends of a parameter": {
    ...offered,
    text: around("<function=Bash><parameter=command>", "</parameter> \n", "</function>"),
  },
  "parameters that never end": { ...offered, text: around("<function=Bash>", "<parameter=command>", "") },
  "calls of GLM's": {
    ...offered,
    text: fill("<tool_call>Bash<arg_key>command</arg_key><arg_value>ls</arg_value></tool_call>"),
  },
  "keys of GLM's": { ...offered, text: around("<tool_call>Bash", "<arg_key>a</arg_key>", "") },
  "calls of DSML": {
    ...offered,
    text: fill(
      '<｜DSML｜invoke name="Bash"><｜DSML｜parameter name="a">1</｜DSML｜parameter></｜DSML｜invoke>',
    ),
  },
  "parameters of DSML": {
    ...offered,
    text: around('<｜DSML｜invoke name="Bash">', '<｜DSML｜parameter name="a">', ""),
  },
  "a tag of DSML that never ends": { ...offered, text: around("<｜DSML｜invoke name=", ' string="', "") },
  "lists of DSML": { ...offered, text: fill("<｜DSML｜tool_calls></｜DSML｜tool_calls>") },
  "calls of DeepSeek's": {
    ...offered,
    text: fill('<｜tool▁call▁begin｜>Bash<｜tool▁sep｜>{"command":"ls"}<｜tool▁call▁end｜>'),
  },
  "separators of DeepSeek's": { ...offered, text: around("<｜tool▁call▁begin｜>", "<｜tool▁sep｜>", "") },
  "calls of Mistral's": { ...offered, text: fill('[TOOL_CALLS]Bash[ARGS]{"command":"ls"}') },
  "ids of Mistral's": { ...offered, text: around("[TOOL_CALLS]Bash", "[CALL_ID]", '{"command":"ls"}') },
  "calls of Gemma's": { ...offered, text: fill('<|tool_call>call:Bash{command:<|"|>ls<|"|>}<tool_call|>') },
  "a call of Gemma's of many levels": { ...offered, text: around("<|tool_call>call:Bash{a:", "[1,", "") },
  "a call of Gemma's of many words": {
    ...offered,
    text: around("<|tool_call>call:Bash{a:", 'a b "c" ', "}"),
  },
  "a call of Gemma's whose text never ends": {
    ...offered,
    text: around('<|tool_call>call:Bash{a:<|"|>', '<|"| "\\', ""),
  },
  "calls in the reasoning": {
    profile: "vllm",
    fields: bash,
    delta: reasoning,
    text: around("a", '<tool_call>{"name":"Bash","arguments":{}}</tool_call>', ""),
  },
  "closing tags that are written about": { fields: thinking, text: fill("a `</think>` b <"), delta: content },
  "reasoning that its prompt opened": {
    loneThinkTag: "<think>",
    fields: thinking,
    text: around("", "a < b ", "</think>c"),
    delta: content,
  },
  "reasoning that its prompt did not open": {
    loneThinkTag: "<think>",
    fields: thinking,
    text: fill("a < b "),
    delta: content,
  },
  "channels of gpt-oss": {
    text: fill("<|channel|>analysis<|message|>a<|end|><|channel|>final<|message|>b"),
    delta: content,
  },
  "a channel of gpt-oss that never ends": {
    text: around("<|channel|>analysis<|message|>", "<|cha <", ""),
    delta: content,
  },
  "blanks behind a channel": {
    text: around("<|channel|>final<|message|>a<|end|>", " \n", ""),
    delta: content,
  },
  "blanks before a channel": { text: around("", " \n", "<|channel|>final<|message|>a"), delta: content },
  "calls of gpt-oss": {
    ...offered,
    text: fill(
      '<|channel|>commentary to=functions.Bash <|constrain|>json<|message|>{"command":"ls"}<|call|>',
    ),
  },
  "a channel of Gemma's": { text: around("<|channel>", "thought\n", "<channel|>ok"), delta: content },
  "marks in other text": { ...offered, text: around("a", "<tool_call><function=", "") },
  "calls in tags": {
    ...leaked,
    text: fill('<tool_call>\n{"name":"Bash","arguments":{"command":"ls"}}\n</tool_call>\n'),
  },
  "tags of calls": { ...leaked, text: fill("<tool_call>") },
  "a call in a fence": {
    ...leaked,
    text: around('```json\n{"name":"Bash","arguments":{"command":"', "a`", '"}}\n```'),
  },
  "fences that never end": { ...leaked, text: around("```json\n{", "\n```\n", "x") },
  "a list of calls": {
    ...leaked,
    text: around("[TOOL_CALLS][", '{"name":"Bash","arguments":{}},', '{"name":"Bash"}]'),
  },
  "beginnings of marks": { ...leaked, text: fill("<tool_cal[TOOL_CALL```json\n<｜DSML<|tool_call<functio") },
  "stop sequences": {
    profile: "xai",
    fields: () => ({ stop_sequences: ["STOP", "END", "###", "\n\nHuman:", "abd"] }),
    text: fill("abcd\n\nHuman##"),
    delta: content,
  },
  "many stop sequences": {
    profile: "xai",
    fields: (size) => ({
      stop_sequences: Array.from(
        { length: Math.min(size / 20, maxStopSequences) },
        (_, index) => `abc ${index}`,
      ),
    }),
    text: fill("abc 1x"),
    delta: content,
    largestSize: 200_000,
  },
  "a stop sequence that fails at its end": {
    profile: "xai",
    fields: (size) => ({ stop_sequences: [`${"a".repeat(Math.min(size / 4, maxStopSequenceLength - 1))}b`] }),
    text: (size) => `${"a".repeat(size / 4 - 1)}c`.repeat(4),
    delta: content,
  },
  "a prefill that is repeated": {
    fields: (size) => ({
      messages: [
        { role: "user", content: "hi" },
        { role: "assistant", content: "a".repeat(size) },
      ],
    }),
    text: (size) => "a".repeat(size + 10),
    delta: content,
  },
};

const pieceLengths = { "4 characters": 4, "64 KB": 65_536 };
/** So that the fastest kinds take long enough, too. */
const defaultLargestSize = 4_000_000;
function cut(text: string, length: number): string[] {
  if (length >= text.length) return [text];
  return Array.from({ length: Math.ceil(text.length / length) }, (_, index) =>
    text.slice(index * length, (index + 1) * length),
  );
}

function streamed(shape: Shape, pieceLength: number, size: number) {
  const chunks = [
    ...(shape.first ?? []).map((delta) => chunkOf(delta)),
    ...cut(shape.text(size), pieceLength).map((piece) => chunkOf(shape.delta(piece))),
    chunkOf({}, shape.finishReason ?? "stop"),
  ];
  return told(chunks, { shape, size, isWhole: false });
}

/** The same as a whole answer; the text in one piece. */
function whole(shape: Shape, size: number) {
  const said = [...(shape.first ?? []), shape.delta(shape.text(size))];
  const message: Record<string, unknown> = Object.assign({}, ...said);
  const calls = said.flatMap((delta) => ("tool_calls" in delta ? [delta.tool_calls] : [])).flat();
  if (calls.length > 0) message["tool_calls"] = calls;
  const completion: ChatChunk = { choices: [{ message, finish_reason: shape.finishReason ?? "stop" }] };
  return told([completion], { shape, size, isWhole: true });
}

describe.each(Object.entries(shapes))("[F3] %s", (name, shape) => {
  const { largestSize = defaultLargestSize } = shape;
  for (const [mode, pieceLength] of Object.entries(pieceLengths)) {
    test(
      `take time in proportion to their length, in pieces of ${mode}`,
      async () => {
        await expectLinearAnswer(name, (size) => streamed(shape, pieceLength, size), largestSize);
      },
      limitMs,
    );
  }

  test(
    "take time in proportion to their length, as a whole answer",
    async () => {
      await expectLinearAnswer(name, (size) => whole(shape, size), largestSize);
    },
    limitMs,
  );
});
