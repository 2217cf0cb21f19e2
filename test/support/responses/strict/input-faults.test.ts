import { test } from "bun:test";
import {
  blob,
  call,
  expectRefusal,
  output,
  type RefusalCase,
  request,
  said,
  thought,
  user,
} from "./refusal-case.ts";

const image = (more: object = {}) => ({
  type: "input_image",
  image_url: "data:image/png;base64,AA",
  detail: "auto",
  ...more,
});
const file = { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,AA" };
const fileUrl = { type: "input_file", file_url: "https://example.invalid/a.pdf" };
const text = { type: "input_text", text: "t" };
const round = (...items: object[]) => request(user(), call("a"), ...items);
const of = (model: string, ...input: unknown[]) => ({ ...request(...input), model });

const cases: RefusalCase[] = [
  {
    rule: "an item has a type",
    good: request(user()),
    bad: request({ role: "user", content: "hi" }),
    says: ["Cannot determine type of 'item'"],
  },
  {
    rule: "an item is an object",
    good: request(user()),
    bad: request("hi"),
    says: ["Invalid type for 'input[0]'…"],
  },
  {
    rule: "other types of items",
    good: request(user()),
    bad: request(user(), { type: "web_search_call", id: "ws_1" }),
    says: [
      "Invalid value: 'web_search_call'…",
      "Invalid 'input[1].id': 'ws_1'. Expected an ID that begins with 'msg'.",
    ],
  },
  {
    rule: "members of items",
    good: request(user(), said()),
    bad: request({ ...user(), name: "x" }, said("yes", { refusal: null }), call("a", { input: {} }), {
      ...output("a"),
      is_error: true,
    }),
    says: [
      "Unknown parameter: 'input[0].name'.",
      "Unknown parameter: 'input[1].refusal'.",
      "Unknown parameter: 'input[2].input'.",
      "Unknown parameter: 'input[3].is_error'.",
    ],
  },
  {
    rule: "roles",
    good: request(user(), said()),
    bad: request({ ...user(), role: "tool" }),
    says: ["Invalid value: 'tool'…"],
  },
  {
    rule: "developer is no role everywhere",
    family: "llamacpp",
    good: request({ ...user(), role: "system" }),
    bad: request({ ...user(), role: "developer" }),
    says: ["Invalid value: 'developer'…"],
  },
  {
    rule: "developer is OpenAI's",
    family: "openai",
    good: request(user(), { ...user(), role: "developer" }),
    bad: request(user(), { ...user(), role: "root" }),
    says: ["Invalid value: 'root'. Supported values are: 'assistant', 'system', 'developer' and 'user'."],
  },
  {
    rule: "input_text is the user's",
    family: "openai",
    good: request(user([text]), said()),
    bad: request(user(), { type: "message", role: "assistant", content: [text] }),
    says: ["Invalid value: 'input_text'. Supported values are: 'output_text' and 'refusal'."],
  },
  {
    rule: "output_text is the assistant's",
    good: request(user()),
    bad: request(user([{ type: "output_text", text: "t" }])),
    says: [
      "Invalid value: 'output_text'. Supported values are: 'input_text', 'input_image' and 'input_file'.",
    ],
  },
  {
    rule: "one part of the assistant",
    good: request(said()),
    bad: request({ ...said(), content: [said().content[0], said().content[0]] }),
    says: ["Only the first part is read."],
  },
  {
    rule: "annotations in a project of Azure",
    family: "azure-project",
    good: request(said()),
    bad: request({ ...said(), content: [{ type: "output_text", text: "yes" }] }),
    says: ["The provided data does not match the expected schema"],
    code: "invalid_payload",
  },
  ...(["ollama", "vllm"] as const).map(
    (family): RefusalCase => ({
      rule: `${family} wants a string of the assistant`,
      family,
      good: request(said("yes", { content: "yes" })),
      bad: request(said()),
      says: ["Invalid type for 'input[0].content': expected a string."],
    }),
  ),
  {
    rule: "OpenAI wants parts of the assistant",
    family: "openai",
    good: request(said()),
    bad: request(said("yes", { content: "yes" })),
    says: ["Invalid type for 'input[0].content': expected a list of parts."],
  },
  {
    rule: "empty texts",
    good: request(user(), said()),
    bad: request(user(""), user([]), user([{ ...text, text: "" }]), said("")),
    says: [
      "Invalid type for 'input[0].content'…",
      "Invalid type for 'input[1].content'…",
      "Missing required parameter: 'input[2].content[0].text'.",
      "Missing required parameter: 'input[3].content[0].text'.",
    ],
  },
  {
    rule: "an image's URL is a string",
    family: "openai",
    good: request(user([text, image(), image({ image_url: "https://example.invalid/a.png" })])),
    bad: request(user([image({ image_url: { url: "https://example.invalid/a.png" } })])),
    says: [
      "Invalid type for 'input[0].content[0].image_url': expected an image URL, but got an object instead.",
    ],
  },
  {
    rule: "an image's URL and detail",
    good: request(user([image()])),
    bad: request(user([image({ image_url: "a.png", detail: undefined })])),
    says: ["Invalid image_url. Expected a valid URL.", "Invalid value: 'undefined'…"],
  },
  {
    rule: "models that see",
    family: "deepseek",
    good: of("deepseek-v4-flash", user([image()])),
    bad: of("deepseek-v4-pro", user([image()])),
    says: ["Invalid value: 'input_image'…"],
  },
  {
    rule: "a file",
    family: "openai",
    good: request(user([file, fileUrl])),
    bad: request(
      user([
        { ...file, filename: undefined },
        { ...file, ...fileUrl },
        { ...file, file_data: "AA" },
      ]),
    ),
    says: [
      "Missing required parameter: 'input[0].content[0].filename'.",
      "Exactly one of file_data and file_url must be given.",
      "Invalid type for 'input[0].content[2].file_data': expected a data URL.",
    ],
  },
  {
    rule: "xAI reads files at addresses",
    family: "xai",
    good: request(user([fileUrl])),
    bad: request(user([file])),
    says: ["Inline file data is not supported."],
  },
  ...(["llamacpp", "ollama", "deepseek"] as const).map(
    (family): RefusalCase => ({
      rule: `${family} reads no files`,
      family,
      good: request(user([text])),
      bad: request(user([fileUrl])),
      says: ["Invalid value: 'input_file'…"],
    }),
  ),
  {
    rule: "outputs with images and files",
    family: "openai",
    good: round(output("a", [text, image(), file])),
    bad: round(output("a", { text: "no" })),
    says: ["Invalid type for 'input[2].output'…"],
  },
  {
    rule: "outputs with images",
    family: "xai",
    good: round(output("a", [text, image()])),
    bad: round(output("a", [fileUrl])),
    says: ["Invalid value: 'input_file'…"],
  },
  {
    rule: "outputs of text",
    family: "openrouter",
    good: round(output("a", "t")),
    bad: round(output("a", [text])),
    says: ["Invalid type for 'input[2].output': expected a string."],
  },
  {
    rule: "calls",
    good: round(output("a")),
    bad: request(call("a", { name: "a b", arguments: "[1]" }), output("a")),
    says: ["Invalid type for 'input[0].name'…", "Invalid type for 'input[0].arguments'…"],
  },
  {
    rule: "ids of calls have 64 characters",
    family: "openai",
    good: request(call("c".repeat(64)), output("c".repeat(64))),
    bad: request(call("c".repeat(69)), output("c".repeat(69))),
    says: [
      "Invalid 'input[0].call_id': string too long. Expected a string with maximum length 64, but got a string with length 69 instead.",
      "Invalid 'input[1].call_id': string too long…",
    ],
    code: "string_above_max_length",
  },
  {
    rule: "ids of items",
    family: "openai",
    good: request(user(), said()),
    bad: request(user(), said("yes", { id: "msg_1" }), call("a", { id: "toolu_1" }), output("a")),
    says: [
      "Item with id 'msg_1' not found. Items are not persisted when `store` is set to false…",
      "Invalid 'input[2].id': 'toolu_1'. Expected an ID that begins with 'fc'.",
    ],
  },
  {
    rule: "status of items",
    good: request(user(), said()),
    bad: request(user(), said("yes", { status: "completed" })),
    says: ["Unknown parameter: 'input[1].status'."],
  },
  {
    rule: "an id of reasoning",
    family: "openai",
    good: request(blob(), said()),
    bad: request(blob("gAAAA", { id: "rs_1" }), said()),
    says: ["Item with id 'rs_1' not found…"],
  },
  ...(["azure-project", "openrouter"] as const).map(
    (family): RefusalCase => ({
      rule: `${family} wants an id of reasoning`,
      family,
      good: request(blob("gAAAA", { id: "rs_1" }), said()),
      bad: request(blob(), said()),
      says: ["The provided data does not match the expected schema"],
    }),
  ),
  ...(["openai", "azure", "xai"] as const).map(
    (family): RefusalCase => ({
      rule: `${family} wants the blob of reasoning`,
      family,
      good: request(blob(), said()),
      bad: request(thought(), said()),
      says: [
        "Unknown parameter: 'input[0].content'.",
        "Missing required parameter: 'input[0].encrypted_content'.",
      ],
    }),
  ),
  {
    rule: "a summary is always there",
    family: "openai",
    good: request(blob(), said()),
    bad: request({ ...blob(), summary: undefined }, said()),
    says: ["Missing required parameter: 'input[0].summary'."],
  },
  {
    rule: "vLLM reads no blobs",
    family: "vllm",
    good: request(thought(), said("", { content: "yes" })),
    bad: request(blob("gAAAA", thought()), said("", { content: "yes" })),
    says: ["Encrypted content is not supported."],
  },
  {
    rule: "text of reasoning is not empty",
    family: "llamacpp",
    good: request(thought(), said()),
    bad: request(thought(""), said()),
    says: ["Invalid type for 'input[0].content[0]': expected text of reasoning."],
  },
  {
    rule: "Ollama reads text in the place of a blob",
    family: "ollama",
    good: request(blob("I think"), said("", { content: "yes" })),
    bad: request(thought(), said("", { content: "yes" })),
    says: ["'content' is not read.", "Invalid type for 'input[0].encrypted_content': expected text."],
  },
  {
    rule: "a call has an output",
    good: round(output("a")),
    bad: round(),
    says: ["No tool output found for function call a."],
  },
  {
    rule: "an output has a call",
    good: round(output("a")),
    bad: round(output("a"), output("b")),
    says: ["No tool call found for function call output with call_id b."],
  },
  {
    rule: "outputs come before anything else",
    good: request(call("a"), call("b"), output("b"), output("a"), user()),
    bad: request(call("a"), call("b"), output("a"), user(), output("b")),
    says: [
      "No tool output found for function call b.",
      "No tool call found for function call output with call_id b.",
    ],
  },
  {
    rule: "nothing stands between DeepSeek's calls",
    family: "deepseek",
    good: request(thought(), said(), call("call-a"), call("call-b"), output("call-a"), output("call-b")),
    bad: request(thought(), call("call-a"), said(), call("call-b"), output("call-a"), output("call-b")),
    says: [
      "No tool output found for tool call call-a.",
      "No tool call found for function call output with call_id call-a.",
    ],
  },
  {
    rule: "DeepSeek wants its reasoning on every turn",
    family: "deepseek",
    good: request(user(), thought(), said(), user(), thought(), call("a"), output("a")),
    bad: request(user(), thought(), said(), user(), call("a"), output("a")),
    says: ["The `reasoning_text` in the thinking mode must be passed back to the API."],
  },
  {
    rule: "phases by position",
    family: "openai",
    good: of(
      "gpt-5.6",
      user(),
      said("I look", { phase: "commentary" }),
      call("a"),
      output("a"),
      said("so", { phase: "final_answer" }),
    ),
    bad: of("gpt-5.6", user(), said("I look", { phase: "final_answer" }), call("a"), output("a"), said("so")),
    says: [
      "Invalid value: 'final_answer'. Supported values are: 'commentary'.",
      "Invalid value: 'undefined'. Supported values are: 'final_answer'.",
    ],
  },
  ...(["gpt-5.1", "gpt-4o"] as const).map(
    (model): RefusalCase => ({
      rule: `no phases for ${model}`,
      family: "openai",
      good: of(model, user(), said()),
      bad: of(model, user(), said("yes", { phase: "final_answer" })),
      says: ["Unknown parameter: 'input[1].phase'."],
    }),
  ),
  {
    rule: "gpt-5.3-codex knows phases",
    family: "azure",
    good: of("gpt-5.3-codex", user(), said("yes", { phase: "final_answer" })),
    bad: of("gpt-5.3-codex", user(), said("yes")),
    says: ["Invalid value: 'undefined'…"],
  },
];

test.each(cases)("$rule", expectRefusal);
