import { describe, expect, test } from "bun:test";
import type { ChatMessage, ChatRequest } from "../../../../src/protocols/chat/chat-request.ts";
import { applyRepair } from "../../../../src/protocols/chat/repair/apply-repair.ts";
import { findRepair } from "../../../../src/protocols/chat/repair/find-repair.ts";
import { addTraits, refusedTrait } from "../../../../src/protocols/chat/repair/list-traits.ts";
import { type ChatRepair, describeRepair, repairKey } from "../../../../src/protocols/chat/repair/repair.ts";
import { profileOf, readTool, refusal, requestOf } from "./refusal.ts";

const url = "data:image/png;base64,iVBORw0KGgo=";
const image = { type: "image_url" as const, image_url: { url } };
const omitted = "[image omitted: the model does not accept images]";
const call = (id: string) => ({ id, type: "function" as const, function: { name: "Read", arguments: "{}" } });
const result = (id: string, content = id): ChatMessage => ({ role: "tool", tool_call_id: id, content });
const user = (content: string): ChatMessage => ({ role: "user", content });

const seeing = { messages: [{ role: "user" as const, content: [image] }] };
const thinking = { reasoning_effort: "medium" };
const interrupted = {
  messages: [
    user("a"),
    { role: "assistant", content: null, tool_calls: [call("t1")] },
    result("t1"),
    user("b"),
  ],
} satisfies Partial<ChatRequest>;

const withTools = { tools: [readTool] };
const strictTool = { ...readTool, function: { ...readTool.function, strict: true } };
const otherStrictTool = { ...strictTool, function: { ...strictTool.function, name: "Edit" } };
const formatOf = (members: object) => ({
  response_format: { type: "json_schema", json_schema: { name: "output", schema: {}, ...members } },
});

const ofModel = { scope: "model" } as const;
const omitImages: ChatRepair = { kind: "omit-images", ...ofModel };
const omitThinking: ChatRepair = { kind: "omit-thinking", ...ofModel };
const omitLevel = (level: string): ChatRepair => ({ kind: "omit-thinking-level", level, ...ofModel });
const between: ChatRepair = { kind: "assistant-between-tool-and-user", ...ofModel };
const shortIds: ChatRepair = { kind: "short-tool-ids", ...ofModel };
const oneCall: ChatRepair = { kind: "one-call-a-message", ...ofModel };
const foldSystem: ChatRepair = { kind: "system-into-user", ...ofModel };
const plainer = (rules: "grammar" | "openai" | "typed"): ChatRepair => ({
  kind: "plainer-schemas",
  rules,
  ...ofModel,
});
const notStrict = (of: string, scope: "model" | "request"): ChatRepair => ({
  kind: "omit-strict",
  of,
  scope,
});
const free: ChatRepair = { kind: "free-tool-choice", as: "omitted", scope: "request" };

/** What servers say that do not name a field, each by whom. */
const refusals: [string, string, Partial<ChatRequest>, ChatRepair][] = [
  ["Ollama", '"qwen3-coder:30b" does not support thinking', thinking, omitThinking],
  [
    "a gateway",
    "Extended thinking is not supported by this model.",
    { reasoning: { enabled: true } },
    omitThinking,
  ],
  ["a gateway", "Thinking mode is not available for m", { reasoning: { max_tokens: 2048 } }, omitThinking],
  [
    "OpenRouter",
    "No endpoints found that support reasoning",
    { reasoning: { effort: "high" } },
    omitThinking,
  ],
  ["Qwen", "m does not support thinking", { enable_thinking: true, thinking_budget: 9 }, omitThinking],
  ["Ollama", 'think value "medium" is not supported for this model', thinking, omitLevel("medium")],
  [
    "Ollama",
    `invalid reasoning value: 'xhigh' (must be "high", "medium", "low", or "none")`,
    { reasoning_effort: "xhigh" },
    omitLevel("xhigh"),
  ],
  [
    "llama.cpp",
    "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj",
    seeing,
    omitImages,
  ],
  ["Ollama", "this model does not support image input (ref: 0)", seeing, omitImages],
  ["Ollama", "this model is missing data required for image input", seeing, omitImages],
  ["LM Studio", "Model does not support images. Please use a model that does.", seeing, omitImages],
  ["vLLM", "m is not a multimodal model", seeing, omitImages],
  ["vLLM", "At most 0 image(s) may be provided in one prompt.", seeing, omitImages],
  ["OpenRouter", "No endpoints found that support image input", seeing, omitImages],
  ["OpenAI", "Invalid content type. image_url is only supported by certain models.", seeing, omitImages],
  [
    "DeepSeek",
    "Failed to deserialize the JSON body into the target type: messages[1]: unknown variant `image_url`, expected `text` at line 1 column 97",
    seeing,
    omitImages,
  ],
  ["xAI", "Image inputs are not supported by this model", seeing, omitImages],
  ["Mistral's API", "Unexpected role 'user' after role 'tool'", interrupted, between],
  [
    "a template of Ministral or Devstral",
    "Jinja Exception: After the optional system message, conversation roles must alternate user and assistant roles except for tool calls and results.",
    interrupted,
    between,
  ],
  [
    "a template of Mistral Small",
    "Jinja Exception: After the optional system message, conversation roles must alternate user/assistant/user/assistant/...",
    interrupted,
    between,
  ],
  [
    "a template of Mistral",
    "Jinja Exception: Tool call IDs should be alphanumeric strings with length 9!",
    interrupted,
    shortIds,
  ],
  [
    "Mistral's API",
    "Tool call id was t1 but must be a-z, A-Z, 0-9, with a length of 9.",
    interrupted,
    shortIds,
  ],
  ["a template of Llama 3", "This model only supports single tool-calls at once!", {}, oneCall],
  ["a template of Gemma 2", "Jinja Exception: System role not supported", {}, foldSystem],
  ["llama.cpp", "Failed to initialize samplers: failed to parse grammar", withTools, plainer("grammar")],
  [
    "llama.cpp",
    "JSON schema conversion failed:\nPattern must start with '^' and end with '$'",
    withTools,
    plainer("grammar"),
  ],
  [
    "vLLM",
    "The provided JSON schema contains features not supported by xgrammar.",
    withTools,
    plainer("grammar"),
  ],
  ["vLLM", "Grammar error: unsupported keyword", formatOf({ strict: true }), plainer("grammar")],
  [
    "a template of GigaChat",
    "Jinja Exception: Cannot perform operation on null values",
    withTools,
    plainer("typed"),
  ],
  [
    "OpenAI",
    "Invalid schema for function 'Read': In context=('properties', 'targets'), array schema missing items.",
    withTools,
    plainer("openai"),
  ],
  [
    "OpenAI",
    "Invalid schema for function 'Read': schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.",
    withTools,
    plainer("openai"),
  ],
  [
    "OpenAI",
    "Invalid schema for function 'Read': '^(?!__.*__$)[^\\\\p{Cc}]{1,200}$' is not a 'regex'.",
    withTools,
    plainer("grammar"),
  ],
  ["Copilot", "tool parameters array type must have items", withTools, plainer("openai")],
  [
    "LM Studio",
    'Unable to generate parser for this template. Automatic parser generation failed: JSON schema conversion failed: Unrecognized schema: {"description":"d"}',
    withTools,
    plainer("grammar"),
  ],
  [
    "Anthropic",
    "tools.0.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level",
    withTools,
    plainer("openai"),
  ],
  [
    "OpenAI, of one strict tool",
    "Invalid schema for function 'Edit': In context=(), 'required' is required to be supplied and to be an array including every key in properties. Missing 'path'.",
    { tools: [strictTool, otherStrictTool] },
    notStrict("Edit", "model"),
  ],
  [
    "OpenAI, of the output",
    "Invalid schema for response_format 'output': In context=(), 'required' is required to be supplied and to be an array including every key in properties. Missing 'impossible'.",
    formatOf({ strict: true }),
    notStrict("response_format", "request"),
  ],
  [
    "OpenAI, of an output that is not strict",
    "Invalid schema for response_format 'output': In context=('properties', 'a'), 'oneOf' is not permitted.",
    formatOf({}),
    { kind: "loosen-response-format", to: "json_object", scope: "request" },
  ],
  [
    "OpenRouter",
    "No endpoints found that support the provided 'tool_choice' value. To learn more about provider routing, visit: https://openrouter.ai/docs",
    { tools: [readTool], tool_choice: "required" },
    free,
  ],
  [
    "Anthropic",
    "Thinking may not be enabled when tool_choice forces tool use.",
    { tools: [readTool], tool_choice: "required" },
    free,
  ],
];

describe.each([400, 404, 422, 500, 501])("[R0:words] with status %p", (status) => {
  test.each(refusals)("%s: %s", (_who, text, fields, expected) => {
    expect(findRepair(refusal(text, status), requestOf(fields), profileOf("generic"))).toEqual(expected);
  });

  test("[R0:unsupported] a field that is not supported", () => {
    const error = refusal("property 'top_k' is unsupported", status);
    const expected: ChatRepair = { kind: "omit-field", field: "top_k", ...ofModel };
    expect(findRepair(error, requestOf({ top_k: 3 }), profileOf("generic"))).toEqual(expected);
  });
});

describe("[R0:words] is not said by", () => {
  test.each<[string, string, number, Partial<ChatRequest>]>([
    ["a request without tools", "array schema missing items", 400, {}],
    ["a template without tools", "Cannot perform operation on null values", 500, {}],
    ["another status", "image input is not supported", 503, seeing],
    ["a request without images", "image input is not supported", 400, {}],
    ["an image's form", "Unsupported image format: image/gif is not supported", 400, seeing],
    ["an image's size", "image is not supported: too large", 400, seeing],
    ["a request without thinking", "m does not support thinking", 400, { reasoning_effort: "none" }],
    ["a tool choice while thinking", "tool_choice is odd in thinking mode", 400, thinking],
    ["roles that alternate", "conversation roles must alternate user/assistant", 500, {}],
    ["a failure of the server", "internal error near temperature: invalid state", 500, { temperature: 1 }],
    ["a model that is not there", "model temperature-1 is not known", 404, { temperature: 1 }],
  ])("%s", (_what, text, status, fields) => {
    expect(findRepair(refusal(text, status), requestOf(fields), profileOf("generic"))).toBeNull();
  });

  test("[R0:words] thinking beside something else, for others", () => {
    const error = refusal("thinking is not supported when tools are given");
    const expected: ChatRepair = { kind: "omit-thinking", scope: "request" };
    expect(findRepair(error, requestOf(thinking), profileOf("generic"))).toEqual(expected);
  });
});

const toolWith = (schema: object) => ({
  type: "function" as const,
  function: { name: "T", parameters: { type: "object", properties: { p: schema } } },
});
const history = (...messages: ChatMessage[]) => ({ messages });
const assistant = (content: string | null, ...ids: string[]): ChatMessage => ({
  role: "assistant",
  content,
  tool_calls: ids.map(call),
});

describe("a repair of what has no name", () => {
  const cases: [string, ChatRepair, Partial<ChatRequest>, Partial<ChatRequest>][] = [
    ["[R0:words] thinking, as an effort", omitThinking, { reasoning_effort: "low", top_p: 1 }, { top_p: 1 }],
    ["[R0:words] thinking, as a switch", omitThinking, { thinking: { type: "enabled" } }, {}],
    [
      "[R0:words] thinking, as Qwen writes it",
      omitThinking,
      { enable_thinking: true, thinking_budget: 9 },
      {},
    ],
    ["[R0:words] thinking, as OpenRouter writes it", omitThinking, { reasoning: { enabled: true } }, {}],
    ["[R0:words] thinking, as MiniMax writes it", omitThinking, { reasoning_split: true }, {}],
    ["[R0:words] a level", omitLevel("low"), { reasoning_effort: "low" }, {}],
    ["[R0:words] a level at OpenRouter", omitLevel("low"), { reasoning: { effort: "low" } }, {}],
    ["[2.2:image-refused] an image alone becomes a text", omitImages, seeing, history(user(omitted))],
    [
      "[2.2:image-refused] an image among marked texts",
      omitImages,
      {
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: "a" },
              { ...image, cache_control: { type: "ephemeral" } },
              { type: "text", text: "b" },
            ],
          },
        ],
      },
      {
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: `a\n${omitted}`, cache_control: { type: "ephemeral" } },
              { type: "text", text: "b" },
            ],
          },
        ],
      },
    ],
    [
      "[2.2:image-refused] an image of a tool",
      omitImages,
      history(user("a"), { role: "tool", tool_call_id: "t", content: [image] }),
      history(user("a"), result("t", omitted)),
    ],
    [
      "[2.4.9] ids that are too long, the same on both sides",
      shortIds,
      history(assistant(null, "toolu_01", "abcDEF123"), result("toolu_01"), result("abcDEF123")),
      history(
        assistant(null, "yPx3QF6Jo", "abcDEF123"),
        result("yPx3QF6Jo", "toolu_01"),
        result("abcDEF123"),
      ),
    ],
    [
      "[R0:schemas] a tool that is not strict any more, and one that still is",
      notStrict("Edit", "model"),
      { tools: [strictTool, otherStrictTool] },
      { tools: [strictTool, { ...readTool, function: { ...readTool.function, name: "Edit" } }] },
    ],
    [
      "[R0:schemas] an output that is not strict any more",
      notStrict("response_format", "request"),
      formatOf({ strict: true }),
      formatOf({}),
    ],
    [
      "[R0:schemas] tools and output for a grammar",
      plainer("grammar"),
      { tools: [toolWith({ type: "string", pattern: "a" })], ...formatOf({ schema: { pattern: "a" } }) },
      { tools: [toolWith({ type: "string" })], ...formatOf({}) },
    ],
    [
      "[R0:schemas] tools for OpenAI",
      plainer("openai"),
      { tools: [{ type: "openrouter:web_search" }, toolWith({ type: "array" })] },
      { tools: [{ type: "openrouter:web_search" }, toolWith({ type: "array", items: {} })] },
    ],
    [
      "[R0:schemas] a type for every property",
      plainer("typed"),
      { tools: [toolWith({ description: "d" })] },
      { tools: [toolWith({ type: "string", description: "d" })] },
    ],
    [
      "[2.4.11] calls one after the other",
      oneCall,
      history(user("a"), assistant("x", "1", "2"), result("1"), result("2"), user("b")),
      history(user("a"), assistant("x", "1"), result("1"), assistant("", "2"), result("2"), user("b")),
    ],
    [
      "[2.4.11] calls without a text",
      oneCall,
      history(assistant(null, "1", "2"), result("1"), result("2"), assistant(null, "3"), result("3")),
      history(
        assistant(null, "1"),
        result("1"),
        assistant(null, "2"),
        result("2"),
        assistant(null, "3"),
        result("3"),
      ),
    ],
    [
      "[2.1:folded] the system prompt in front of the user",
      foldSystem,
      history({ role: "system", content: "S" }, user("a")),
      history(user("S\n\na")),
    ],
    [
      "[2.1:folded] in parts",
      foldSystem,
      {
        messages: [
          { role: "system", content: "S" },
          { role: "user", content: [image] },
        ],
      },
      { messages: [{ role: "user", content: [{ type: "text", text: "S" }, image] }] },
    ],
    [
      "[2.1:folded] in front of an assistant",
      foldSystem,
      history({ role: "system", content: "S" }, { role: "assistant", content: "a" }),
      history(user("S"), { role: "assistant", content: "a" }),
    ],
  ];
  test.each(cases)("%s", (_name, repair, before, after) => {
    const sent = requestOf(before);
    const copy = structuredClone(sent);
    const repaired = applyRepair(sent, repair);
    expect(repaired).toEqual(requestOf(after));
    expect(applyRepair(repaired, repair)).toBe(repaired);
    expect(sent).toEqual(copy);
  });

  test.each<[string, ChatRepair, Partial<ChatRequest>]>([
    ["[R0:words] a model that is told not to think", omitThinking, { reasoning_effort: "none" }],
    ["[R0:words] a switch that is off", omitThinking, { thinking: { type: "disabled" } }],
    ["[R0:words] nothing about thinking", omitThinking, {}],
    ["[R0:words] another level", omitLevel("low"), { reasoning_effort: "high" }],
    ["[2.2:image-refused] no image", omitImages, {}],
    [
      "[2.2:image-refused] a document",
      omitImages,
      { messages: [{ role: "user", content: [{ type: "document_url", document_url: "u" }] }] },
    ],
    ["[2.4.9] short ids", shortIds, history(assistant(null, "abcDEF123"), result("abcDEF123"))],
    ["[2.4.11] one call", oneCall, history(assistant(null, "1"), result("1"))],
    ["[R0:schemas] plain tools", plainer("grammar"), { ...withTools, ...formatOf({}) }],
    ["[R0:schemas] no tools", plainer("openai"), {}],
    ["[R0:schemas] no strict tool of that name", notStrict("Edit", "model"), { tools: [strictTool] }],
    ["[R0:schemas] no strict output", notStrict("response_format", "request"), formatOf({})],
    ["[2.1:folded] no system prompt", foldSystem, {}],
  ])("%s stays as it is", (_name, repair, fields) => {
    const sent = requestOf(fields);
    expect(applyRepair(sent, repair)).toBe(sent);
  });
});

test.each<[ChatRepair, Partial<ChatRequest>]>([
  [omitThinking, { reasoning_effort: "low" }],
  [omitLevel("low"), { reasoning: { effort: "low" } }],
  [omitImages, seeing],
])("[R0:remembered] %j is not learned where the model took it before", (repair, taken) => {
  const traits = new Set<string>();
  addTraits(traits, requestOf(taken), 100);
  expect(traits).toContain(refusedTrait(repair) ?? "");
  const others = new Set<string>();
  addTraits(others, requestOf({ reasoning_effort: "none", messages: interrupted.messages }), 100);
  expect(others).not.toContain(refusedTrait(repair) ?? "");
});

test("[R0:remembered] every repair has words of its own, and a key that tells levels apart", () => {
  const repairs = [omitThinking, omitLevel("low"), omitLevel("max"), omitImages, between, shortIds, oneCall];
  const ofSchemas = [plainer("grammar"), plainer("openai"), plainer("typed"), notStrict("A", "model")];
  const all = [...repairs, ...ofSchemas, notStrict("B", "model"), foldSystem];
  expect(new Set(all.map(describeRepair)).size).toBe(all.length);
  expect(new Set(all.map(repairKey)).size).toBe(all.length);
});
