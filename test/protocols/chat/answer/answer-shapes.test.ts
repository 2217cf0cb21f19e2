import { describe, expect, test } from "bun:test";
import type { ProfileId } from "../../../../src/profiles/profile-ids.ts";
import type { ChatChunk } from "../../../../src/protocols/chat/chat-response.ts";
import {
  type TranslatedAnswer,
  translateCompletion,
  translateStream,
} from "../../../support/translate-answer.ts";

const tools = ["mcp__files__Read", "Bash"].map((name) => ({ name, input_schema: { type: "object" } }));
const search = { type: "web_search_20250305", name: "web_search" };

function caseOf(profile: ProfileId, fields: object = {}, model = "m") {
  const messages = [{ role: "user", content: "what is new in bun?" }];
  return { profile, model, request: { model: "claude-opus-5-5", max_tokens: 100, messages, ...fields } };
}

/** The answer of a stream whose first choice has these deltas. */
function streamed(translationCase: ReturnType<typeof caseOf>, deltas: readonly object[]): TranslatedAnswer {
  const chunks = [
    ...deltas.map((delta) => ({ choices: [{ index: 0, delta, finish_reason: null }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
    { choices: [], usage: { prompt_tokens: 9, completion_tokens: 2 } },
  ];
  const lines = [...chunks.map((chunk) => JSON.stringify(chunk)), "[DONE]"];
  const body = lines.map((line) => `data: ${line}\n\n`).join("");
  return translateStream(translationCase, [new TextEncoder().encode(body)]);
}

/** The answer of a whole completion with this message. */
function whole(translationCase: ReturnType<typeof caseOf>, message: object): TranslatedAnswer {
  const completion: ChatChunk = {
    choices: [{ index: 0, message, finish_reason: "stop" }],
    usage: { prompt_tokens: 9, completion_tokens: 2 },
  };
  return translateCompletion(translationCase, completion);
}

function text(value: string): object {
  return { type: "text", text: value, citations: null };
}

describe("reasoning that repeats itself", () => {
  const thinkingOf = ({ message }: TranslatedAnswer): unknown[] =>
    (message?.content ?? []).flatMap((block) => (block.type === "thinking" ? [block.thinking] : []));

  const details = (value: string) => ({
    reasoning_details: [{ type: "reasoning.text", text: value, index: 0 }],
  });

  test("[3.3:snapshots] MiniMax: what begins with all so far is a snapshot", () => {
    const target = caseOf("minimax", {}, "MiniMax-M2");
    const snapshots = ["Let", "Let me", "Let me see."].map(details);
    expect(thinkingOf(streamed(target, snapshots))).toEqual(["Let me see."]);
    const pieces = ["Let", " me", " see."].map(details);
    expect(thinkingOf(streamed(target, pieces))).toEqual(["Let me see."]);
    expect(streamed(target, snapshots).message).toEqual(streamed(target, pieces).message);
  });

  test("[3.3:snapshots] others repeat on purpose", () => {
    expect(
      thinkingOf(streamed(caseOf("deepseek"), [{ reasoning_content: "a" }, { reasoning_content: "ab" }])),
    ).toEqual(["aab"]);
  });

  test("[3.3:repeated] xAI: a delta equal to the one before is dropped, by others it is said twice", () => {
    const deltas = ["ha", "ha", "!"].map((reasoning_content) => ({ reasoning_content }));
    expect(thinkingOf(streamed(caseOf("xai"), deltas))).toEqual(["ha!"]);
    expect(thinkingOf(streamed(caseOf("vllm"), deltas))).toEqual(["haha!"]);
  });

  test("[3.3:reasoning] of three fields with the same text one counts", () => {
    const delta = { reasoning: "R", reasoning_content: "R", ...details("R") };
    expect(thinkingOf(streamed(caseOf("openrouter"), [delta]))).toEqual(["R"]);
    expect(thinkingOf(whole(caseOf("openrouter"), { ...delta, content: "A" }))).toEqual(["R"]);
  });
});

describe("[3.3:reasoning] a member of its own", () => {
  test.each(["reasoning", "reasoning_content", "reasoning_text"])("%s is thinking", (member) => {
    const target = caseOf("generic");
    const said = { role: "assistant", content: null, reasoning_opaque: "b" };
    const answer = streamed(target, [{ ...said, [member]: "He" }, { [member]: "re." }, { content: "A" }]);
    expect<unknown>(answer.message?.content).toMatchObject([{ thinking: "Here." }, text("A")]);
    expect(whole(target, { ...said, [member]: "Here.", content: "A" }).message).toEqual(answer.message);
  });
});

describe("what is no text", () => {
  test("[3.3:images] a generated image is told of", () => {
    const images = [{ type: "image_url", image_url: { url: "data:image/png;base64,QQ==" } }];
    expect<unknown>(whole(caseOf("openrouter"), { content: "Here: ", images }).message?.content).toEqual([
      text("Here: [image generated]"),
    ]);
  });

  test("[3.3:images] of none nothing is told", () => {
    const { message } = whole(caseOf("openrouter"), { content: "Here", images: [] });
    expect<unknown>(message?.content).toEqual([text("Here")]);
  });

  test("[3.3:audio] audio is left out, with a warning", () => {
    const answer = whole(caseOf("openai"), { content: "A", audio: { id: "audio_1", data: "QQ==" } });
    expect<unknown>(answer.message?.content).toEqual([text("A")]);
    expect(answer.warnings).toEqual(["audio was left out"]);
  });
});

describe("[3.5:name] names of calls", () => {
  test.each([
    ["mcp__files__Read", "mcp__files__Read"],
    ["Bash", "Bash"],
    ["bash", "Bash"],
    ["functions.Bash", "Bash"],
    ["default_api:mcp__files__Read", "mcp__files__Read"],
    ["tool_Bash", "Bash"],
    ["functions.bash", "Bash"],
    ["Unknown", "Unknown"],
  ])("%s is %s", (sent, expected) => {
    const tool_calls = [{ id: "call_1", type: "function", function: { name: sent, arguments: "{}" } }];
    expect<unknown>(
      whole(caseOf("generic", { tools }), { content: null, tool_calls }).message?.content,
    ).toEqual([{ type: "tool_use", id: "call_1", name: expected, input: {} }]);
  });

  test("a name that was too long for the upstream comes back whole", () => {
    const long = `mcp__${"x".repeat(70)}`;
    const target = caseOf("openai", { tools: [{ name: long, input_schema: { type: "object" } }] });
    const sent = `${long.slice(0, 55)}_${new Bun.CryptoHasher("sha256").update(long).digest("hex").slice(0, 8)}`;
    const tool_calls = [{ id: "call_1", type: "function", function: { name: sent, arguments: "{}" } }];
    expect<unknown>(whole(target, { content: null, tool_calls }).message?.content).toEqual([
      { type: "tool_use", id: "call_1", name: long, input: {} },
    ]);
  });
});

describe("[3.6:blocks 3.6:usage] pages that the answer cites", () => {
  const target = caseOf("openrouter", { tools: [search] });
  const cite = (url: string, title?: string) => ({ type: "url_citation", url_citation: { url, title } });
  const annotations = [
    cite("https://a.test", "A"),
    cite("https://a.test", "A again"),
    cite("https://b.test"),
  ];
  const page = (url: string, title: string) => ({
    type: "web_search_result",
    url,
    title,
    encrypted_content: "",
    page_age: null,
  });
  const id = "srvtoolu_000000000000000000000001";
  const searchBlocks = [
    { type: "server_tool_use", id, name: "web_search", input: { query: "what is new in bun?" } },
    {
      type: "web_search_tool_result",
      tool_use_id: id,
      content: [page("https://a.test", "A"), page("https://b.test", "https://b.test")],
    },
  ];
  const once = { web_search_requests: 1, web_fetch_requests: 0 };

  test.each<[string, () => TranslatedAnswer, object[]]>([
    [
      "a whole answer has them before the text",
      () => whole(target, { content: "So.", annotations }),
      [...searchBlocks, text("So.")],
    ],
    [
      "so has a stream that tells them first",
      () => streamed(target, [{ annotations }, { content: "So." }]),
      [...searchBlocks, text("So.")],
    ],
    [
      "a stream that tells them last has them behind it",
      () => streamed(target, [{ content: "So." }, { annotations }]),
      [text("So."), ...searchBlocks],
    ],
  ])("%s", (_, translate, content) => {
    const { message } = translate();
    expect<unknown>(message?.content).toEqual(content);
    expect(message?.usage.server_tool_use).toEqual(once);
  });

  test("they are left out where no search was asked for", () => {
    const { message } = whole(caseOf("openrouter"), { content: "So.", annotations });
    expect<unknown>(message?.content).toEqual([text("So.")]);
    expect(message?.usage.server_tool_use).toBeNull();
  });
});

test("[4.5:slots] a whole answer has as many calls as it lists", () => {
  const call = (text: string) => ({
    type: "function",
    function: { name: "Bash", arguments: text },
  });
  const tool_calls = ['"{}"', '{"a":1', "{}"].map(call);
  const toolUse = (id: number, input: object) => ({
    type: "tool_use",
    id: `toolu_${String(id).padStart(24, "0")}`,
    name: "Bash",
    input,
  });
  const { message } = whole(caseOf("generic", { tools }), { content: null, tool_calls });
  expect<unknown>(message?.content).toEqual([toolUse(1, {}), toolUse(2, { a: 1 }), toolUse(3, {})]);
});

test.each([
  ["\n", []],
  ["<thi", [text("<thi")]],
  ["ST", [text("ST")]],
])("[4.3:text] held text %j stands before the call, and blanks are dropped", (content, shown) => {
  const call = { index: 0, id: "call_1", type: "function", function: { name: "Bash", arguments: "{}" } };
  const target = caseOf("xai", { tools, stop_sequences: ["STOP"] });
  const toolUse = { type: "tool_use", id: "call_1", name: "Bash", input: {} };
  const called = streamed(target, [{ content }, { tool_calls: [call] }]);
  expect<unknown>(called.message?.content).toEqual([...shown, toolUse]);
  const functionCalled = streamed(target, [{ content }, { function_call: call.function }]);
  expect(functionCalled.message?.content.at(-1)).toMatchObject({ type: "tool_use", name: "Bash" });
});

test("[3.1:nulls] edits of the context are told of when they were asked for", () => {
  const edits = [{ type: "clear_thinking_20251015", keep: "all" }];
  const asked = streamed(caseOf("generic", { context_management: { edits } }), [{ content: "A" }]);
  const plain = streamed(caseOf("generic"), [{ content: "A" }]);
  expect(asked.events.at(-2)).toMatchObject({ context_management: { applied_edits: [] } });
  expect(plain.events.at(-2)).not.toHaveProperty("context_management");
});
