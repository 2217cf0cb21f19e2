import { describe, expect, test } from "bun:test";
import { LeakedToolCalls } from "../../../src/translate/stream/leaked-tool-calls.ts";

function run(parts: readonly string[]) {
  const leaked = new LeakedToolCalls((name) => name === "Bash" || name === "Read");
  const shown = parts.map((part) => leaked.push(part)).join("");
  const end = leaked.finish();
  return { text: shown + end.text, calls: end.calls };
}

function splits(text: string): string[][] {
  return Array.from({ length: text.length + 1 }, (_, cut) => [text.slice(0, cut), text.slice(cut)]);
}

const bash = { name: "Bash", arguments: '{"command":"ls"}' };
const read = { name: "Read", arguments: '{"path":"/a"}' };

describe("tool calls written into the text", () => {
  test.each([
    ['<tool_call>\n{"name":"Bash","arguments":{"command":"ls"}}\n</tool_call>', "", [bash]],
    [
      'I look.\n<tool_call>{"name":"Bash","arguments":{"command":"ls"}}</tool_call>\n<tool_call>{"name":"Read","arguments":"{\\"path\\":\\"/a\\"}"}</tool_call>',
      "I look.\n",
      [bash, read],
    ],
    ['[TOOL_CALLS][{"name":"Bash","arguments":{"command":"ls"}}]', "", [bash]],
    ['```json\n{"name":"Bash","arguments":{"command":"ls"}}\n```', "", [bash]],
    [
      '<|tool_calls_section_begin|><|tool_call_begin|>functions.Bash:0<|tool_call_argument_begin|>{"command":"ls"}<|tool_call_end|><|tool_calls_section_end|>',
      "",
      [bash],
    ],
  ])("[3.3:leaked] %s", (text, shown, calls) => {
    for (const parts of splits(text)) expect(run(parts)).toEqual({ text: shown, calls });
  });

  test.each([
    'see <tool_call>{"name":"Bash","arguments":{"command":"ls"}}</tool_call> and so on',
    '<tool_call>{"name":"Unknown","arguments":{}}</tool_call>',
    '<tool_call>{"name":"Bash","arguments":',
    '```json\n{"name":"Bash","version":"1.0"}\n``` is a package.json',
    '```json\n{"a":1}\n```',
    "[TOOL_CALLS] is a token",
    "[TOOL_CALLS][]",
    '```json\n{"name":"Bash","arguments":{}}abc',
    "```json\n{```",
    "<|tool_calls_section_begin|>",
    "<tool_call></tool_call>",
    "plain < text [TOOL",
  ])("[3.3:leaked] %s stays text", (text) => {
    for (const parts of splits(text)) expect(run(parts)).toEqual({ text, calls: [] });
  });
});
