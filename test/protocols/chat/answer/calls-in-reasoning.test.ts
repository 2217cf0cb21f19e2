import { describe, expect, test } from "bun:test";
import type { ProfileId } from "../../../../src/profiles/profile-ids.ts";
import {
  createTestTranslator,
  type TranslatedAnswer,
  translateCompletion,
  translateStream,
} from "../../../support/translate-answer.ts";

const schema = { type: "object", properties: { command: { type: "string" } } };
const request = {
  model: "c",
  max_tokens: 100,
  messages: [{ role: "user", content: "hi" }],
  tools: [{ name: "Bash", input_schema: schema }],
};

/** Both ways, which have to agree; the reasoning in pieces. */
function answer(profile: ProfileId, member: string, reasoning: string, ...rest: object[]): TranslatedAnswer {
  const target = { profile, model: "m", request };
  const deltas = [...(reasoning.match(/[\s\S]{1,5}/g) ?? []).map((piece) => ({ [member]: piece })), ...rest];
  const chunks = [
    ...deltas.map((delta) => ({ choices: [{ index: 0, delta, finish_reason: null }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  ];
  const bytes = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
  const streamed = translateStream(target, [new TextEncoder().encode(bytes)]);
  const message = Object.assign({}, { [member]: reasoning }, ...rest);
  const whole = translateCompletion(target, { choices: [{ index: 0, message, finish_reason: "stop" }] });
  expect(streamed.message).toEqual(whole.message);
  return streamed;
}

/** The content without signatures and ids. */
function contentOf({ message }: TranslatedAnswer): unknown {
  return message?.content.map((block) => {
    if (block.type === "thinking") return { thinking: block.thinking };
    if (block.type === "tool_use") return { [block.name]: block.input };
    return block.type === "text" ? block.text : block.type;
  });
}

const hermes = '<tool_call>\n{"name":"Bash","arguments":{"command":"ls"}}\n</tool_call>';
const dsml =
  '<｜DSML｜tool_calls><｜DSML｜invoke name="Bash"><｜DSML｜parameter name="command" string="true">ls</｜DSML｜parameter></｜DSML｜invoke></｜DSML｜tool_calls>';
const ls = { Bash: { command: "ls" } };

describe("[3.3:reasoning-calls] a call at the end of the reasoning", () => {
  test.each<[ProfileId, string, string]>([
    ["vllm", "reasoning_content", hermes],
    ["llamacpp", "reasoning_content", hermes],
    ["lmstudio", "reasoning", hermes],
    ["ollama", "reasoning", hermes],
    ["deepseek", "reasoning_content", dsml],
    ["openrouter", "reasoning", dsml],
    ["generic", "reasoning_text", dsml],
  ])("of %s in %s is the call when nothing follows", (profile, member, call) => {
    const made = answer(profile, member, `I look.\n${call}`);
    expect(contentOf(made)).toEqual([{ thinking: "I look.\n" }, ls]);
    expect(made.message?.stop_reason).toBe("tool_use");
    expect(contentOf(answer(profile, member, `I look.\n${call}`, { content: "\n\n" }))).toEqual([
      { thinking: "I look.\n" },
      ls,
    ]);
    expect(contentOf(answer(profile, member, call))).toEqual([ls]);
  });

  test("is reasoning where a text follows", () => {
    expect(contentOf(answer("vllm", "reasoning", `I look.\n${hermes}`, { content: "No." }))).toEqual([
      { thinking: `I look.\n${hermes}` },
      "No.",
    ]);
  });

  test("is reasoning where a call follows, in the text or beside it", () => {
    const tool_calls = [
      { index: 0, id: "call_1", function: { name: "Bash", arguments: '{"command":"pwd"}' } },
    ];
    const thought = { thinking: `I look.\n${hermes}` };
    expect(contentOf(answer("vllm", "reasoning", thought.thinking, { tool_calls }))).toEqual([
      thought,
      { Bash: { command: "pwd" } },
    ]);
    expect(contentOf(answer("vllm", "reasoning", thought.thinking, { content: hermes }))).toEqual([
      thought,
      ls,
    ]);
  });

  test("is reasoning where more of it follows, or the tool is unknown", () => {
    for (const reasoning of [`${hermes} or not`, hermes.replace("Bash", "Unknown"), "I say <tool_call>"])
      expect(contentOf(answer("vllm", "reasoning", reasoning))).toEqual([{ thinking: reasoning }]);
  });

  test("is reasoning in tags that a server of another kind may only mention", () => {
    const reasoning = `I look.\n${hermes}`;
    expect(contentOf(answer("openrouter", "reasoning", reasoning))).toEqual([{ thinking: reasoning }]);
  });
});

describe("[4.8:empty] an answer that is held is not empty", () => {
  test.each([
    ["a call", { content: hermes }],
    ["what may be the beginning of one", { content: "<tool_ca" }],
    ["a call in the reasoning", { reasoning_content: hermes }],
    ["a tag that is never closed", { content: "<think>abc" }],
  ])("%s", (_, delta) => {
    const translator = createTestTranslator({ profile: "vllm", model: "m", request });
    translator.push(
      { choices: [{ index: 0, delta, finish_reason: "stop" }] },
      { inputTokens: 1, outputTokens: 1 },
    );
    expect(translator.isBarren).toBe(false);
  });
});
