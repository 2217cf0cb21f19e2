import { describe, expect, test } from "bun:test";
import { profileIds } from "../../../../src/profiles/profile-ids.ts";
import {
  createTestTranslator,
  translateCompletion,
  translateStream,
} from "../../../support/translate-answer.ts";

/** The calls of an answer, as the upstream tells them: each with the pieces of its name and of its arguments. */
interface Told {
  names: readonly string[];
  arguments: readonly unknown[];
}

interface Row {
  rule: string;
  told: readonly Told[];
  calls: readonly (readonly [name: string, input: object])[];
}

const text = { type: "string" };
const schema = (properties: object, required: readonly string[] = Object.keys(properties)) => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});
const list = { type: "array", items: schema({ content: text }) };
const tools = [
  { name: "Read", input_schema: schema({ file_path: text, limit: { type: "number" } }, ["file_path"]) },
  { name: "Bash", input_schema: schema({ command: text }) },
  { name: "BashOutput", input_schema: schema({ id: text }) },
  { name: "TodoWrite", input_schema: schema({ todos: list, options: { type: "object" } }, ["todos"]) },
  { name: "Now", input_schema: schema({}) },
];

const readA = '{"file_path":"/tmp/a.txt"}';
const readB = '{"file_path":"/tmp/b.txt"}';
const a = ["Read", { file_path: "/tmp/a.txt" }] as const;
const b = ["Read", { file_path: "/tmp/b.txt" }] as const;
const one = (name: string, ...pieces: unknown[]): Told => ({ names: [name], arguments: pieces });

const rows: readonly Row[] = [
  { rule: "3.5:placeholder", told: [one("Read", "{}", '{"file_path":', '"/tmp/a.txt"}')], calls: [a] },
  {
    rule: "3.5:placeholder",
    told: [one("Read", "{}", readA), one("Read", "{}", readB)],
    calls: [a, b],
  },
  { rule: "3.5:placeholder", told: [one("Now", "{}"), one("Read", readA)], calls: [["Now", {}], a] },
  { rule: "3.5:several", told: [one("Read", readA + readB)], calls: [a, b] },
  { rule: "3.5:several", told: [one("Read", readA, readB)], calls: [a, b] },
  { rule: "3.5:several", told: [one("Read", readA, readA)], calls: [a] },
  {
    rule: "3.5:several",
    told: [one("Read", readA, readB), one("Bash", '{"command":"ls"}')],
    calls: [a, b, ["Bash", { command: "ls" }]],
  },
  { rule: "3.5:behind", told: [one("Read", readA, "</tool_call>")], calls: [a] },
  {
    rule: "3.5:behind",
    told: [one("Read", readA, "", ', "limit": 10}')],
    calls: [["Read", { __unparsed_arguments: `${readA}, "limit": 10}` }]],
  },
  {
    rule: "3.5:structured",
    told: [one("TodoWrite", '{"todos":"[{\\"content\\":\\"write it\\"}]","options":"{}"}')],
    calls: [["TodoWrite", { todos: [{ content: "write it" }], options: {} }]],
  },
  {
    rule: "3.5:nulls",
    told: [one("Bash", '{"timeout":null,"command":"ls"}')],
    calls: [["Bash", { command: "ls" }]],
  },
  { rule: "3.5:nulls", told: [one("Read", '{"timeout":null,"file_path":"/tmp/a.txt"}')], calls: [a] },
  {
    rule: "3.5:name",
    told: [one("Bash<|channel|>commentary", '{"command":"ls"}')],
    calls: [["Bash", { command: "ls" }]],
  },
  { rule: "3.5:not-object", told: [one("Now", null)], calls: [["Now", {}]] },
  { rule: "3.5:not-object", told: [one("Now", "null")], calls: [["Now", {}]] },
  { rule: "4.5:name", told: [{ names: ["Re", "ad"], arguments: ["", "", readA] }], calls: [a] },
  {
    rule: "4.5:name",
    told: [
      { names: ["functions", ".", "Bash", "Out", "put"], arguments: ["", "", "", "", "", '{"id":"1"}'] },
    ],
    calls: [["BashOutput", { id: "1" }]],
  },
  {
    rule: "4.5:name",
    told: [{ names: ["Bash", "Bash"], arguments: ["", '{"command":', '"ls"}'] }],
    calls: [["Bash", { command: "ls" }]],
  },
  {
    rule: "4.5:name",
    told: [
      { names: ["Now"], arguments: [] },
      { names: ["Ba", "sh"], arguments: [] },
    ],
    calls: [
      ["Now", {}],
      ["Bash", {}],
    ],
  },
];

function deltasOf(told: readonly Told[]): object[] {
  return told.flatMap(({ names, arguments: pieces }, index) => {
    const length = Math.max(names.length, pieces.length);
    return Array.from({ length }, (_, at) => ({
      index,
      ...(at === 0 ? { id: `call_${index}`, type: "function" } : {}),
      function: { name: names[at], arguments: pieces[at] },
    }));
  });
}

/** Names come whole here, and arguments that came in pieces as one text. */
function callsOf(told: readonly Told[]): object[] {
  return told.map(({ names, arguments: pieces }, index) => {
    const name = new Set(names).size < names.length ? names[0] : names.join("");
    const isText = pieces.length > 0 && pieces.every((piece) => typeof piece === "string");
    const given = isText ? pieces.join("") : pieces[0];
    return { id: `call_${index}`, type: "function", function: { name, arguments: given } };
  });
}

function streamOf(chunks: readonly object[]): Uint8Array {
  const lines = [...chunks.map((chunk) => JSON.stringify(chunk)), "[DONE]"];
  return new TextEncoder().encode(lines.map((line) => `data: ${line}\n\n`).join(""));
}

describe.each([...profileIds])(
  "[4.5:name 3.5:placeholder 3.5:several 3.5:behind 3.5:structured] calls of %s",
  (profile) => {
    const messages = [{ role: "user", content: "hello" }];
    const target = {
      profile,
      model: "m",
      request: { model: "claude-opus-5-5", max_tokens: 100, tools, messages },
    };

    test.each(rows.map((row) => [row.rule, JSON.stringify(row.told), row] as const))(
      "[%s] %s",
      (_, __, { told, calls }) => {
        const finish = { choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }] };
        const chunks = deltasOf(told).map((call) => ({
          choices: [{ index: 0, delta: { tool_calls: [call] }, finish_reason: null }],
        }));
        const streamed = translateStream(target, [streamOf([...chunks, finish])]);
        const message = { role: "assistant", content: null, tool_calls: callsOf(told) };
        const whole = translateCompletion(target, {
          choices: [{ index: 0, message, finish_reason: "tool_calls" }],
        });
        for (const answer of [streamed, whole]) {
          const content = answer.message?.content ?? [];
          const found = content.map((block) =>
            block.type === "tool_use" ? [block.name, block.input] : block,
          );
          expect<unknown>(found).toEqual(calls);
          expect(answer.message?.stop_reason).toBe("tool_use");
        }
        expect(streamed.message?.content).toEqual(whole.message?.content);
      },
    );
  },
);

describe.each([...profileIds])("choices of %s", (profile) => {
  const messages = [{ role: "user", content: "hello" }];
  const target = {
    profile,
    model: "m",
    request: { model: "claude-opus-5-5", max_tokens: 100, tools, messages },
  };
  const finish = (index: number) => ({ index, delta: {}, finish_reason: "tool_calls" });
  const said = { type: "text", text: "I will look.", citations: null };
  const use = (id: string, [name, input]: readonly [string, object]) => ({
    type: "tool_use",
    id,
    name,
    input,
  });
  const call = (id: string, json: string, fields: object = {}) => ({
    ...fields,
    id,
    type: "function",
    function: { name: "Read", arguments: json },
  });

  test("[3.3:choices] calls in other choices are those of the answer, if the first has none", () => {
    const whole = translateCompletion(target, {
      choices: [
        { index: 0, message: { role: "assistant", content: "I will look." }, finish_reason: "tool_calls" },
        {
          index: 1,
          message: { content: null, tool_calls: [call("call_a", readA)] },
          finish_reason: "tool_calls",
        },
        {
          index: 2,
          message: { content: null, tool_calls: [call("call_b", readB)] },
          finish_reason: "tool_calls",
        },
      ],
    });
    const streamed = translateStream(target, [
      streamOf([
        { choices: [{ index: 1, delta: { tool_calls: [call("call_a", "", { index: 0 })] } }] },
        { choices: [{ index: 0, delta: { content: "I will look." } }, finish(0)] },
        { choices: [{ index: 2, delta: { tool_calls: [call("call_b", readB, { index: 0 })] } }, finish(2)] },
        { choices: [{ index: 1, delta: { tool_calls: [{ index: 0, function: { arguments: readA } }] } }] },
        { choices: [finish(1)] },
      ]),
    ]);
    for (const { message, warnings } of [whole, streamed]) {
      expect<unknown>(message?.content).toEqual([said, use("call_a", a), use("call_b", b)]);
      expect(message?.stop_reason).toBe("tool_use");
      expect(warnings).toContain("calls of a further choice were taken");
    }
  });

  test("[3.3:choices] nothing but a call in the second of two choices without numbers", () => {
    const second = { message: { tool_calls: [call("call_a", readA)] }, finish_reason: "tool_calls" };
    const { message } = translateCompletion(target, {
      choices: [{ message: { content: null }, finish_reason: "stop" }, second],
    });
    expect<unknown>(message?.content).toEqual([use("call_a", a)]);
    expect(message?.stop_reason).toBe("tool_use");
  });

  test("[3.3:choices 4.8:choices] where the first has calls, those of others are left out", () => {
    const streamed = translateStream(target, [
      streamOf([
        { choices: [{ index: 1, delta: { content: "no", tool_calls: [call("call_b", readB)] } }] },
        { choices: [{ index: 0, delta: { tool_calls: [call("call_a", readA)] } }, finish(0)] },
      ]),
    ]);
    expect<unknown>(streamed.message?.content).toEqual([use("call_a", a)]);
    expect(streamed.warnings.slice(0, 2)).toEqual([
      "a second choice was left out",
      "calls of a further choice were left out",
    ]);
  });
});

test("[3.3:choices] a choice that still calls is waited for behind the finish reason of the first", () => {
  const messages = [{ role: "user", content: "hello" }];
  const request = { model: "claude-opus-5-5", max_tokens: 100, tools, messages };
  const translator = createTestTranslator({ profile: "generic", model: "m", request });
  const estimate = { inputTokens: 7, outputTokens: 3 };
  const call = { index: 0, id: "call_a", function: { name: "Read", arguments: readA } };
  const chunks = [
    [{ index: 1, delta: { tool_calls: [call] } }],
    [{ index: 0, delta: {}, finish_reason: "tool_calls" }],
    [{ index: 1, delta: {}, finish_reason: "tool_calls" }],
  ];
  const waits = chunks.map((choices) => {
    translator.push({ choices }, estimate);
    return [translator.hasFinishReason, translator.isBarren];
  });
  expect(waits).toEqual([
    [false, false],
    [false, false],
    [true, false],
  ]);
});
