import type { RecordedBody, RecordedRequest } from "../../../src/record/recorded-request.ts";
import { hostileTexts } from "./sample-requests.ts";

const tools = ["Bash", "Read", "Edit", "Grep"].map((name) => ({
  name,
  description: `Does what ${name} does.`,
  input_schema: { type: "object", properties: { command: { type: "string" } }, required: ["command"] },
}));

/** What the client asked; `turn` adds to the conversation. */
export function createClientRequest(turn: number, long = 2000): Record<string, unknown> {
  const steps = Array.from({ length: turn }, (_, index) => [
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: `Step ${index}: look at the file first.`, signature: "c2ln" },
        { type: "text", text: `I will read file ${index}.` },
        {
          type: "tool_use",
          id: `toolu_${index}`,
          name: "Read",
          input: { file_path: `/src/file-${index}.ts` },
        },
      ],
    },
    {
      role: "user",
      content: [
        {
          type: "tool_result",
          tool_use_id: `toolu_${index}`,
          content: [{ type: "text", text: `line of file ${index}\n`.repeat(long / 20) }],
          is_error: index === 1,
        },
      ],
    },
  ]).flat();
  return {
    model: "claude-opus-4-6",
    max_tokens: 32_000,
    stream: true,
    system: [
      { type: "text", text: "You are Claude Code.", cache_control: { type: "ephemeral" } },
      { type: "text", text: `Rules of the project.\n${hostileTexts.html}` },
    ],
    tools,
    messages: [
      {
        role: "user",
        content: `Why does the build fail? ${hostileTexts.html} ${hostileTexts.bidi} ${hostileTexts.escapes}`,
      },
      ...steps,
    ],
  };
}

function createUpstreamRequest(turn: number): Record<string, unknown> {
  return {
    model: "glm-4.6",
    max_completion_tokens: 32_000,
    stream: true,
    messages: [
      { role: "system", content: "You are Claude Code.\n\nRules of the project." },
      { role: "user", content: "Why does the build fail?" },
      ...Array.from({ length: turn }, (_, index) => ({
        role: "assistant",
        content: `I will read file ${index}.`,
      })),
    ],
    tools: tools.map(({ name, description, input_schema }) => ({
      type: "function",
      function: { name, description, parameters: input_schema },
    })),
  };
}

/** An answer as the client's events. */
const clientStream = [
  {
    type: "message_start",
    message: { id: "msg_1", type: "message", role: "assistant", content: [], model: "glm-4.6" },
  },
  { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "" } },
  {
    type: "content_block_delta",
    index: 0,
    delta: { type: "thinking_delta", thinking: "The import is wrong." },
  },
  { type: "content_block_stop", index: 0 },
  { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "The build fails because " } },
  { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: `of ${hostileTexts.html}` } },
  { type: "content_block_stop", index: 1 },
  {
    type: "content_block_start",
    index: 2,
    content_block: { type: "tool_use", id: "toolu_9", name: "Bash", input: {} },
  },
  { type: "content_block_delta", index: 2, delta: { type: "input_json_delta", partial_json: '{"command":' } },
  { type: "content_block_delta", index: 2, delta: { type: "input_json_delta", partial_json: '"bun test"}' } },
  { type: "content_block_stop", index: 2 },
  { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 340 } },
  { type: "message_stop" },
]
  .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
  .join("");

const upstreamStream = ["The build fails ", "because of it."]
  .map((content) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`)
  .join("")
  .concat("data: [DONE]\n\n");

/** The four messages of a request. */
export function createBodies(request: RecordedRequest, turn: number): RecordedBody[] {
  const isFailed = request.status >= 400;
  const head = (url: string) => ({
    url,
    headers: { "content-type": "application/json", authorization: "[redacted]" },
  });
  const error = { type: "error", error: { type: request.errorType, message: request.errorMessage } };
  const bodyOf = (body: Omit<RecordedBody, "bytes" | "isCut">): RecordedBody => ({
    ...body,
    bytes: body.text.length,
    isCut: false,
  });
  return [
    bodyOf({
      name: "client-request",
      send: 0,
      head: head("/v1/messages"),
      text: JSON.stringify(createClientRequest(turn)),
    }),
    bodyOf({
      name: "upstream-request",
      send: Math.max(request.sends, 1),
      head: head("https://api.z.ai/api/paas/v4/chat/completions"),
      text: JSON.stringify(createUpstreamRequest(turn)),
    }),
    bodyOf({
      name: "upstream-response",
      send: Math.max(request.sends, 1),
      head: null,
      text: isFailed ? JSON.stringify({ error: { message: "overloaded" } }) : upstreamStream,
    }),
    bodyOf({
      name: "client-response",
      send: 0,
      head: null,
      text: isFailed ? JSON.stringify(error) : clientStream,
    }),
  ];
}
