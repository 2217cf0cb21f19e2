import { expect, test } from "bun:test";
import { buildWordPdf, pdfWord, redAndBluePng } from "../../src/conformance/sample-files.ts";
import { receivedChatRequestSchema } from "../../src/demo/chat/received-chat-request.ts";
import { composeAnswer } from "../../src/demo/compose-answer.ts";
import type { JsonObject } from "../../src/json/json-value.ts";

const introduction = "This is the demonstration upstream of claude-proxy. No model is behind this answer.";
const question = { role: "user", content: "Say hello." };
const bash = {
  type: "function",
  function: { name: "Bash", parameters: { type: "object", properties: { command: { type: "string" } } } },
};

function compose(request: JsonObject) {
  return composeAnswer(
    receivedChatRequestSchema.parse({ model: "demonstration", messages: [question], ...request }),
  );
}

test("the answer says that no model is behind it and what was received", () => {
  expect(compose({})).toEqual({
    text: `${introduction}\n\nIt received 1 message and 0 tools for the model demonstration.\n\nYou sent: "Say hello."`,
    toolCalls: [],
    reasoning: null,
    isCut: false,
    usage: { input: 12, output: 43, reasoning: 0 },
  });
});

test("a tool call is announced and made", () => {
  const answer = compose({ tools: [bash] });
  expect([answer.text, answer.toolCalls, answer.isCut]).toEqual([
    `${introduction}\n\nIt received 1 message and 1 tool for the model demonstration.\n\nYou sent: "Say hello."\n\nTo show a tool call, it calls Bash now.`,
    [
      {
        name: "Bash",
        arguments: `{"command":"echo 'Hello from the demonstration upstream of claude-proxy.'"}`,
      },
    ],
    false,
  ]);
});

test.each([
  ["Hello", '"Hello"'],
  ["x".repeat(200), `"${"x".repeat(200)}"`],
  ["x".repeat(201), `"${"x".repeat(200)}…"`],
  [`${"x".repeat(199)}\u{1f600}`, `"${"x".repeat(199)}\ufffd…"`],
])("a tool result ends the loop and is quoted from its start", (content, quoted) => {
  const toolCall = { id: "call_1", type: "function", function: { name: "Bash", arguments: "{}" } };
  const messages = [
    question,
    { role: "assistant", content: null, tool_calls: [toolCall] },
    { role: "tool", tool_call_id: "call_1", content },
  ];
  const answer = compose({ messages, tools: [bash] });
  expect([answer.text, answer.toolCalls, answer.isCut]).toEqual([
    `${introduction}\n\nIt received 3 messages and 1 tool for the model demonstration.\n\nThe tool gave back: ${quoted}`,
    [],
    false,
  ]);
});

test("of a question the reminders of Claude Code are left out, and its parts are joined", () => {
  const content = [
    { type: "text", text: "<system-reminder>\nToday is Tuesday.\n</system-reminder>\n" },
    { type: "image_url", image_url: { url: "data:," } },
    { type: "text", text: "Look at this." },
    { type: "text", text: "What is it?<system-reminder>Be brief.</system-reminder>" },
  ];
  expect(compose({ messages: [{ role: "user", content }] }).text).toEndWith(
    'You sent: "Look at this.\nWhat is it?"',
  );
});

test("without a user message there is nothing to quote", () => {
  expect(compose({ messages: [{ role: "system", content: "Be brief." }] }).text).toEndWith('You sent: ""');
});

test.each([
  [
    {
      type: "json_schema",
      json_schema: {
        name: "title",
        schema: { type: "object", properties: { title: { type: "string" } }, required: ["title"] },
      },
    },
    '{"title":"demonstration"}',
  ],
  [{ type: "json_object" }, JSON.stringify({ answer: introduction })],
])("structured output %j", (response_format, text) => {
  const answer = compose({ response_format, tools: [bash] });
  expect([answer.text, answer.toolCalls, answer.isCut]).toEqual([text, [], false]);
});

test.each([{ max_tokens: 4 }, { max_completion_tokens: 4 }])(
  "%j cuts the text and the tool call",
  (limit) => {
    const { text, toolCalls, isCut, usage } = compose({ ...limit, tools: [bash] });
    expect([text, toolCalls, isCut, usage.output]).toEqual(["This is the demo", [], true, 4]);
  },
);

test("reasoning comes first where it is wanted, and counts into the limit", () => {
  const request = receivedChatRequestSchema.parse({ model: "demonstration", messages: [question] });
  const composed = (tokenLimit: number | null) => {
    const { reasoning, text, isCut, usage } = composeAnswer({ ...request, wantsReasoning: true, tokenLimit });
    return [reasoning, text, isCut, usage];
  };
  const thought = "This is a sample of reasoning. No model has thought about it.";
  const text = `${introduction}\n\nIt received 1 message and 0 tools for the model demonstration.\n\nYou sent: "Say hello."`;
  expect([composed(null), composed(20), composed(5)]).toEqual([
    [thought, text, false, { input: 12, output: 59, reasoning: 16 }],
    [thought, "This is the demo", true, { input: 12, output: 20, reasoning: 16 }],
    [thought.slice(0, 20), "", true, { input: 12, output: 5, reasoning: 5 }],
  ]);
});

test.each([
  ["received", " No model is behind this answer.\n\nIt "],
  [["not there", "", " model"], " No"],
])("the stop sequence %j ends the text before it", (stop, ending) => {
  const { text, toolCalls, isCut } = compose({ stop, tools: [bash] });
  expect([text, toolCalls, isCut]).toEqual([
    `This is the demonstration upstream of claude-proxy.${ending}`,
    [],
    false,
  ]);
});

test("of an image and a document it says what a program can read", () => {
  const content = [
    { type: "text", text: "What is it?" },
    { type: "image_url", image_url: { url: `data:image/png;base64,${redAndBluePng}` } },
    { type: "file", file: { file_data: `data:application/pdf;base64,${buildWordPdf()}` } },
    { type: "image_url", image_url: { url: "data:image/png;base64,not base64!" } },
    { type: "image_url", image_url: { url: "https://example.com/heron.png" } },
  ];
  expect(compose({ messages: [{ role: "user", content }] }).text).toEndWith(
    `You sent: "What is it?"\n\nIn its files there is: red, blue; ${pdfWord}`,
  );
});
