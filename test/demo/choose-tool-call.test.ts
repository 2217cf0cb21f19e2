import { expect, test } from "bun:test";
import { receivedChatRequestSchema } from "../../src/demo/chat/received-chat-request.ts";
import { chooseToolCalls } from "../../src/demo/choose-tool-call.ts";
import type { JsonObject } from "../../src/json/json-value.ts";

const text = { type: "string" };
const bash = tool("Bash", { type: "object", properties: { command: text }, required: ["command"] });
const glob = tool("Glob", {
  type: "object",
  properties: { pattern: text, path: text },
  required: ["pattern"],
});
const weather = tool("get_weather", { type: "object", properties: { city: text }, required: ["city"] });
const write = tool("Write", { type: "object", properties: { file_path: text }, required: ["file_path"] });

const question = { role: "user", content: "Say hello." };
const call = {
  role: "assistant",
  content: null,
  tool_calls: [{ id: "call_1", type: "function", function: { name: "Bash", arguments: "{}" } }],
};
const result = { role: "tool", tool_call_id: "call_1", content: "Hello" };

const greeting = { command: "echo 'Hello from the demonstration upstream of claude-proxy.'" };

function tool(name: string, parameters: JsonObject) {
  return { type: "function", function: { name, parameters } };
}

function choose(tools: JsonObject[], more: JsonObject = {}) {
  const calls = chooseAll(tools, more);
  expect(calls.length).toBeLessThan(2);
  return calls[0] ?? null;
}

function chooseAll(tools: JsonObject[], more: JsonObject = {}) {
  return chooseToolCalls(
    receivedChatRequestSchema.parse({
      model: "demonstration",
      messages: [question],
      ...(tools.length > 0 && { tools }),
      ...more,
    }),
  );
}

test("without tools nothing is called", () => {
  expect(choose([])).toBeNull();
});

test("Bash prints a greeting", () => {
  expect(choose([glob, bash])).toEqual({ name: "Bash", input: greeting });
});

test("Bash gets a description where its schema has one", () => {
  const described = tool("Bash", {
    type: "object",
    properties: { command: text, description: text },
    required: ["command"],
  });
  expect(choose([described])).toEqual({
    name: "Bash",
    input: { ...greeting, description: "Print a greeting" },
  });
});

test("without Bash, Glob lists the current folder", () => {
  expect(choose([weather, glob])).toEqual({ name: "Glob", input: { pattern: "*" } });
});

test("an unknown tool gets the least its schema asks for", () => {
  expect(choose([write, weather])).toEqual({ name: "get_weather", input: { city: "demonstration" } });
});

test("a tool without parameters is called with none", () => {
  const bare = { type: "function", function: { name: "look_around" } };
  expect(choose([bare])).toEqual({ name: "look_around", input: {} });
});

test.each(["Write", "Edit", "mcp__github__create_issue", "delete_everything", "AskUserQuestion"])(
  "%s, which may change something, is not called unasked",
  (name) => {
    expect(choose([tool(name, { type: "object" })])).toBeNull();
  },
);

test("a tool that the client names is called", () => {
  const choice = { type: "function", function: { name: "Write" } };
  expect(choose([bash, write], { tool_choice: choice })).toEqual({
    name: "Write",
    input: { file_path: "demonstration" },
  });
});

test("a named tool that is not offered is not called", () => {
  const choice = { type: "function", function: { name: "Absent" } };
  expect(choose([bash], { tool_choice: choice })).toBeNull();
});

test("a required call is made with whatever tool there is, even after a result", () => {
  const required = { tool_choice: "required", messages: [question, call, result] };
  expect(choose([write], required)).toEqual({ name: "Write", input: { file_path: "demonstration" } });
});

test("no call where the client forbids calls", () => {
  expect(choose([bash], { tool_choice: "none" })).toBeNull();
});

test.each([
  ["a tool result", [question, call, result]],
  [
    "a tool result with a reminder behind it",
    [question, call, result, { role: "user", content: "Remember." }],
  ],
])("no further call after %s", (_name, messages) => {
  expect(choose([bash], { messages })).toBeNull();
});

test("the next question gets a call again", () => {
  const messages = [question, call, result, { role: "assistant", content: "Done." }, question];
  expect(choose([bash], { messages })).toEqual({ name: "Bash", input: greeting });
});

test("the safe tools that the question names are called at once", () => {
  const messages = [{ role: "user", content: "Call get_weather, Glob and Write." }];
  const other = tool("get_weather2", { type: "object" });
  expect(chooseAll([bash, write, other, weather, glob], { messages })).toEqual([
    { name: "get_weather", input: { city: "demonstration" } },
    { name: "Glob", input: { pattern: "*" } },
  ]);
});
