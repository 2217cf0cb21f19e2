import type { ResponseCase } from "./translate-response.ts";

type Json = { [member: string]: unknown };

const schema = (properties: object) => ({ type: "object", properties, required: [] });

/** A request of a client with two tools, to OpenAI. */
export const asked: ResponseCase = {
  profile: "openai",
  baseUrl: "https://api.openai.com/v1",
  model: "gpt-5.6-sol",
  request: {
    model: "claude-opus-5-5",
    max_tokens: 20_000,
    stream: true,
    thinking: { type: "adaptive", display: "summarized" },
    messages: [{ role: "user", content: "hi" }],
    tools: [
      { name: "Bash", input_schema: schema({ command: { type: "string" } }) },
      { name: "Read", input_schema: schema({ file_path: { type: "string" } }) },
    ],
  },
};

/** An event, without the prefix of its type. */
export const on = (type: string, members: Json = {}): Json => ({ type: `response.${type}`, ...members });

export const created = on("created", {
  response: { id: "resp_1", object: "response", status: "in_progress" },
});
export const usage = { input_tokens: 9, output_tokens: 5, total_tokens: 14 };

export const added = (index: number | undefined, item: Json): Json =>
  on("output_item.added", { output_index: index, item });
export const doneItem = (index: number | undefined, item: Json): Json =>
  on("output_item.done", { output_index: index, item });
export const text = (index: number | undefined, delta: string, members: Json = {}): Json =>
  on("output_text.delta", { output_index: index, content_index: 0, delta, ...members });
export const summary = (index: number, delta: string, summary_index = 0): Json =>
  on("reasoning_summary_text.delta", { output_index: index, summary_index, delta });
export const args = (index: number | undefined, delta: unknown, members: Json = {}): Json =>
  on("function_call_arguments.delta", { output_index: index, delta, ...members });
export const argsDone = (index: number | undefined, json: unknown, members: Json = {}): Json =>
  on("function_call_arguments.done", { output_index: index, arguments: json, ...members });

export const call = (call_id: string | undefined, name: string | undefined, json?: unknown): Json => ({
  type: "function_call",
  id: `fc_${call_id}`,
  call_id,
  name,
  arguments: json ?? "",
});
export const message = (...texts: string[]): Json => ({
  type: "message",
  role: "assistant",
  content: texts.map((part) => ({ type: "output_text", text: part, annotations: [] })),
});
export const reasoning = (members: Json): Json => ({
  type: "reasoning",
  id: "rs_1",
  summary: [],
  ...members,
});
export const summarized = (...texts: string[]): Json[] =>
  texts.map((part) => ({ type: "summary_text", text: part }));

/** A whole response. */
export const response = (output: unknown, members: Json = {}): Json => ({
  id: "resp_1",
  object: "response",
  status: "completed",
  error: null,
  output,
  usage,
  ...members,
});
export const completed = (output: unknown = [], members: Json = {}): Json =>
  on("completed", { response: response(output, members) });
