import { describe, expect, test } from "bun:test";
import { profileIds } from "../../../../src/profiles/profile-ids.ts";
import { LeakedToolCalls } from "../../../../src/translate/answer/text/leaked-tool-calls.ts";
import type { RequestedTool } from "../../../../src/translate/tools/requested-tool.ts";
import { RequestedTools } from "../../../../src/translate/tools/requested-tools.ts";
import { translateCompletion, translateStream } from "../../../support/translate-answer.ts";

const properties = {
  command: { type: "string" },
  description: { type: ["string", "null"] },
  timeout: { type: "number" },
  limit: { anyOf: [{ type: "integer" }, { type: "null" }] },
  flag: { type: "boolean" },
  level: { enum: [1, 2] },
  list: { type: "array" },
  input: { type: "object" },
  any: {},
};
const schema = { type: "object", properties };
const tools = new RequestedTools(
  ["Bash", "Read"].map((name): [string, RequestedTool] => [name, { name, inputSchema: schema }]),
);

function run(parts: readonly string[], isTrusting: boolean) {
  const leaked = new LeakedToolCalls(tools, isTrusting);
  const shown = parts.map((part) => leaked.push(part)).join("");
  const end = leaked.finish();
  return {
    text: shown + end.text,
    calls: end.calls.map(({ name, arguments: json }): [string, unknown] => [name, JSON.parse(json)]),
  };
}

function splits(text: string): string[][] {
  return Array.from({ length: text.length + 1 }, (_, cut) => [text.slice(0, cut), text.slice(cut)]);
}

const ls: [string, unknown] = ["Bash", { command: "ls" }];
const list: [string, unknown] = ["Bash", { command: "ls -la", description: "List files" }];
const a: [string, unknown] = ["Read", { command: "/a", limit: 20 }];
const hermes = '<tool_call>\n{"name":"Bash","arguments":{"command":"ls"}}\n</tool_call>';
const coder =
  "<tool_call>\n<function=Bash>\n<parameter=command>\nls -la\n</parameter>\n<parameter=description>\nList files\n</parameter>\n</function>\n</tool_call>";
const dsml = (list_: string, bar = "｜") =>
  `<${bar}DSML${bar}${list_}>
<${bar}DSML${bar}invoke name="Read">
<${bar}DSML${bar}parameter name="command" string="true">/a</${bar}DSML${bar}parameter>
<${bar}DSML${bar}parameter name="limit" string="false">20</${bar}DSML${bar}parameter>
</${bar}DSML${bar}invoke>
</${bar}DSML${bar}${list_}>`;

/** What each family leaves in its text where it stands alone; and whether only a local server is believed. */
const notations: [family: string, text: string, calls: [string, unknown][]][] = [
  ["Hermes, Qwen", hermes, [ls]],
  ["Hermes, arguments as text", hermes.replace('{"command":"ls"}', '"{\\"command\\":\\"ls\\"}"'), [ls]],
  ["Hermes, two calls", `${hermes}\n${hermes}`, [ls, ls]],
  ["Qwen-Coder", coder, [list]],
  ["Qwen-Coder without the outer tags", coder.replaceAll(/<\/?tool_call>\n?/g, ""), [list]],
  ["Qwen-Coder without the first tag", coder.replace("<tool_call>\n", ""), [list]],
  ["Qwen-Coder, two calls", `${coder}\n${coder}`, [list, list]],
  ["Qwen-Coder without arguments", "<tool_call><function=Bash></function></tool_call>", [["Bash", {}]]],
  [
    "GLM",
    "<tool_call>Read\n<arg_key>command</arg_key>\n<arg_value>/a</arg_value>\n<arg_key>limit</arg_key>\n<arg_value>20</arg_value>\n</tool_call>",
    [a],
  ],
  ["DeepSeek V4", dsml("tool_calls"), [a]],
  ["DeepSeek V3.2", dsml("function_calls"), [a]],
  ["DeepSeek, other bars", dsml("function_calls", "|"), [a]],
  [
    "DeepSeek, an object",
    '<｜DSML｜function_calls><｜DSML｜invoke name="Bash">{"command":"ls"}</｜DSML｜invoke></｜DSML｜function_calls>',
    [ls],
  ],
  [
    "DeepSeek V3.1",
    '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>Bash<｜tool▁sep｜>{"command":"ls"}<｜tool▁call▁end｜><｜tool▁calls▁end｜><｜end▁of▁sentence｜>',
    [ls],
  ],
  [
    "DeepSeek R1",
    '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>Bash\n```json\n{"command":"ls"}\n```<｜tool▁call▁end｜>\n<｜tool▁call▁begin｜>function<｜tool▁sep｜>Bash\n```json\n{"command":"ls"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    [ls, ls],
  ],
  [
    "DeepSeek, a call without its section",
    '<｜tool▁call▁begin｜>Bash<｜tool▁sep｜>{"command":"ls"}<｜tool▁call▁end｜>',
    [ls],
  ],
  [
    "Kimi, a call without its section",
    '<|tool_call_begin|>functions.Bash:0<|tool_call_argument_begin|>{"command":"ls"}<|tool_call_end|>',
    [ls],
  ],
  [
    "Kimi",
    '<|tool_calls_section_begin|><|tool_call_begin|>functions.Bash:0<|tool_call_argument_begin|>{"command":"ls"}<|tool_call_end|><|tool_calls_section_end|>',
    [ls],
  ],
  [
    "Kimi without a section",
    '<|tool_call_begin|>functions.Bash:0<|tool_call_argument_begin|>{"command":"ls"}<|tool_call_end|>',
    [ls],
  ],
  ["Mistral, a list", '[TOOL_CALLS][{"name":"Bash","arguments":{"command":"ls"}}]', [ls]],
  ["Mistral, names", '[TOOL_CALLS]Bash[ARGS]{"command":"ls"}[TOOL_CALLS]Bash{"command":"ls"}', [ls, ls]],
  ["Mistral, ids", '[TOOL_CALLS]Bash[CALL_ID]abcdefghi[ARGS]{"command":"ls"}</s>', [ls]],
  [
    "gpt-oss",
    '<|channel|>commentary to=functions.Bash <|constrain|>json<|message|>{"command":"ls"}<|call|>',
    [ls],
  ],
  [
    "gpt-oss, two calls, without the last mark",
    '<|start|>assistant<|channel|>commentary to=functions.Bash json<|message|>{"command":"ls"}<|call|><|start|>assistant to=functions.Bash<|channel|>commentary<|message|>{"command":"ls"}',
    [ls, ls],
  ],
  [
    "MiniMax",
    '<minimax:tool_call>\n<invoke name="Read">\n<parameter name="command">/a</parameter>\n<parameter name="limit">20</parameter>\n</invoke>\n</minimax:tool_call>',
    [a],
  ],
  [
    "Gemma",
    '<|tool_call>call:Read{command:<|"|>/a<|"|>,limit:20}<tool_call|><|tool_call>call:Bash{command:<|"|>ls<|"|>}<tool_call|>',
    [a, ls],
  ],
  [
    "Gemma, nested",
    '<|tool_call>call:Read{input:{a:[1,<|"|>{"b"}<|"|>,true],"c d":"e\\"}"},flag:false}<tool_call|>',
    [["Read", { input: { a: [1, '{"b"}', true], "c d": 'e"}' }, flag: false }]],
  ],
];
const fenced = '```json\n{"name":"Bash","arguments":{"command":"ls"}}\n```';

describe.each(notations)("[3.3:leaked] %s", (_, text, calls) => {
  test("is calls, however it is cut, at any server", () => {
    for (const isTrusting of [true, false]) {
      for (const parts of splits(text)) expect(run(parts, isTrusting)).toEqual({ text: "", calls });
      expect(run([...text], isTrusting)).toEqual({ text: "", calls });
      expect(run(["\n ", `${text}\n`], isTrusting)).toEqual({ text: "\n ", calls });
    }
  });

  test("behind other text is what the server is trusted with", () => {
    for (const parts of splits(`I look.\n${text}`))
      expect(run(parts, true)).toEqual({ text: "I look.\n", calls });
    const isUnmistakable = !/^<(tool_call|function)/.test(text);
    expect(run([`I look.\n${text}`], false)).toEqual(
      isUnmistakable ? { text: "I look.\n", calls } : { text: `I look.\n${text}`, calls: [] },
    );
  });

  test("stays text where more follows, an end is missing or a tool is unknown", () => {
    for (const isTrusting of [true, false]) {
      for (const other of [`${text} and so on`, text.slice(0, -9), text.replaceAll(/Bash|Read/g, "Unknown")])
        expect(run([other], isTrusting)).toEqual({ text: other, calls: [] });
    }
  });
});

describe("[3.3:leaked]", () => {
  test("a call in a fence is one at a local server only", () => {
    for (const parts of splits(fenced)) expect(run(parts, true)).toEqual({ text: "", calls: [ls] });
    for (const parts of splits(fenced)) expect(run(parts, false)).toEqual({ text: fenced, calls: [] });
  });

  test.each([
    '<tool_call>{"name":"Bash","arguments":',
    '<tool_call>{"name":"Bash","arguments":[]}</tool_call>',
    '```json\n{"name":"Bash","version":"1.0"}\n``` is a package.json',
    '```json\n{"a":1}\n```',
    "[TOOL_CALLS] is a token",
    "[TOOL_CALLS][]",
    '```json\n{"name":"Bash","arguments":{}}abc',
    "```json\n{```",
    "<|tool_calls_section_begin|>",
    "[TOOL_CALLS]Bash",
    "[TOOL_CALLS]{}",
    "<tool_call></tool_call>",
    "<tool_call>Bash</tool_call> text",
    "<tool_call>Bash<arg_key>command</arg_key></tool_call>",
    "<function=Bash>\n<parameter=command>\nls\n</function>",
    "<function=Bash> x",
    "<function=",
    "<｜DSML｜",
    '<｜DSML｜invoke name="Bash">',
    '<｜DSML｜invoke name="Bash" x="y"></｜DSML｜invoke>',
    '<｜DSML｜invoke name="Bash">x</｜DSML｜invoke>',
    "<｜tool▁calls▁begin｜>Bash<｜tool▁calls▁end｜>",
    "<｜tool▁call▁begin｜>function<｜tool▁sep｜>Bash<｜tool▁call▁end｜>",
    "<|tool_call>call:Bash{command:<tool_call|>",
    '<|tool_call>call:Bash{command:<|"|>ls}<tool_call|>',
    '<|tool_call>call:Bash{command:"ls}<tool_call|>',
    "<|tool_call>call:Bash{command:<b>}<tool_call|>",
    "<|tool_call>call:Bash<tool_call|>",
    "plain < text [TOOL",
    "`<tool_call>` is a tag",
  ])("%s stays text", (text) => {
    for (const isTrusting of [true, false])
      for (const parts of splits(text)) expect(run(parts, isTrusting)).toEqual({ text, calls: [] });
  });

  test("a value may hold the tag that closes it", () => {
    const value = "a\n</parameter>\nb</function>\n\n</tool_call>\n\n";
    const text = coder.replace("ls -la", value);
    expect(run([text], false).calls).toEqual([["Bash", { command: value, description: "List files" }]]);
    const inJson = hermes.replace("ls", "echo </tool_call> x");
    expect(run([inJson], false).calls).toEqual([["Bash", { command: "echo </tool_call> x" }]]);
  });

  test.each([
    "[TOOL_CALLS]Read{}",
    '[TOOL_CALLS][{"name":"Read","arguments":{}}]',
    '<tool_call>{"name":"Read","arguments":{}}</tool_call>',
    "<tool_call>Read<arg_key>limit</arg_key><arg_value>12345678901234567890</arg_value></tool_call>",
    "<function=Read>\n<parameter=limit>\n12345678901234567890\n</parameter>\n</function>",
    '```json\n{"name":"Read","arguments":{}}\n```',
    "<|tool_call>call:Read{limit:12345678901234567890}<tool_call|>",
  ])("[3.5:long-numbers] numbers of many digits keep them: %s", (text) => {
    const leaked = new LeakedToolCalls(tools, true);
    leaked.push(text.replace("{}", '{"limit":12345678901234567890}'));
    expect(leaked.finish().calls).toEqual([{ name: "Read", arguments: '{"limit":12345678901234567890}' }]);
  });

  test("[3.5:long-numbers] arguments that are a number of many digits are none", () => {
    const text = '<tool_call>{"name":"Read","arguments":12345678901234567890}</tool_call>';
    expect(run([text], true)).toEqual({ text, calls: [] });
  });
});

describe("[3.3:leaked] values without a type are what the schema takes", () => {
  test.each([
    ["command", "1", "1"],
    ["command", '{"a":1}', '{"a":1}'],
    ["command", " ls ", " ls "],
    ["description", "null", null],
    ["description", "1", "1"],
    ["timeout", "1.5", 1.5],
    ["timeout", "soon", "soon"],
    ["limit", "20", 20],
    ["limit", "None", null],
    ["flag", "True", true],
    ["flag", "false", false],
    ["flag", "1", "1"],
    ["level", "2", 2],
    ["list", "[1]", [1]],
    ["list", "{}", "{}"],
    ["input", '{"a":1}', { a: 1 }],
    ["any", '{"a":1}', { a: 1 }],
    ["any", "1", "1"],
    ["unknown", "true", "true"],
    ["__proto__", "[1]", [1]],
  ])("%s %s", (key, value, expected) => {
    const text = `<function=Bash>\n<parameter=${key}>\n${value}\n</parameter>\n</function>`;
    const [[, input] = []] = run([text], false).calls;
    expect(Object.entries(Object(input))).toEqual([[key, expected]]);
  });

  test("DSML says itself what is a text", () => {
    const values = '{"a":"1","b":1,"c":"x"}';
    const text = `<｜DSML｜invoke name="Bash">${Object.entries<unknown>(JSON.parse(values))
      .map(
        ([key, value]) =>
          `<｜DSML｜parameter name="${key}" string="${key === "a"}">${value}</｜DSML｜parameter>`,
      )
      .join("")}</｜DSML｜invoke>`;
    expect(run([text], false).calls).toEqual([["Bash", JSON.parse(values)]]);
  });
});

/** Through the whole translation, whole and streamed, at every family. */
describe.each(profileIds)("[3.3:leaked] at %s", (profile) => {
  const request = {
    model: "c",
    max_tokens: 100,
    messages: [{ role: "user", content: "hi" }],
    tools: ["Bash", "Read"].map((name) => ({ name, input_schema: schema })),
  };
  const target = { profile, model: "m", request };

  test.each(notations)("%s", (_, text, calls) => {
    const whole = translateCompletion(target, {
      choices: [{ index: 0, message: { content: text }, finish_reason: "stop" }],
    });
    const deltas = text.match(/[\s\S]{1,7}/g) ?? [];
    const chunks = [
      ...deltas.map((content) => ({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
      { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
    ];
    const bytes = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
    const streamed = translateStream(target, [new TextEncoder().encode(bytes)]);
    expect(
      streamed.message?.content.map(
        (block): unknown => block.type === "tool_use" && [block.name, block.input],
      ),
    ).toEqual(calls);
    expect(streamed.message?.stop_reason).toBe("tool_use");
    expect(streamed.message).toEqual(whole.message);
    expect(streamed.warnings).toContain("tool calls written into the text were taken for calls");
  });

  test("without tools it is text", () => {
    const { tools: _tools, ...rest } = request;
    const { message } = translateCompletion(
      { ...target, request: rest },
      { choices: [{ index: 0, message: { content: hermes }, finish_reason: "stop" }] },
    );
    expect<unknown>(message?.content).toEqual([{ type: "text", text: hermes, citations: null }]);
  });
});
