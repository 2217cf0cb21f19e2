import fc from "fast-check";
import { validRequests } from "./valid-request.ts";

/** A fault, as members to lay over a valid request. Undefined takes a member away. */
type Fault = { readonly [member: string]: unknown };

/** A request that is refused, and how the message of the refusal reads. */
export interface InvalidRequest {
  request: object;
  message: RegExp | string;
}

const user = { role: "user", content: "hi" };
const content = (...blocks: unknown[]): Fault => ({ messages: [{ role: "user", content: blocks }] });
const tools = (...some: unknown[]): Fault => ({ tools: some });
const noText = [7, true, {}, [], null];

/** Fields of the wrong type or without what they need. */
const malformed: Fault[] = [
  ...[undefined, "", 7, null, {}].map((model) => ({ model })),
  ...[undefined, null, -1, 1.5, "64", {}, []].map((max_tokens) => ({ max_tokens })),
  ...[undefined, null, [], {}, "hi", [7], [null], [{}], [[]]].map((messages) => ({ messages })),
  ...["bot", null, 7, undefined].map((role) => ({ messages: [{ role, content: "hi" }] })),
  ...[7, true, {}, [7], [null], [{}], [{ type: 7 }]].map((given) => ({
    messages: [{ role: "user", content: given }],
  })),
  ...noText.map((text) => content({ type: "text", text })),
  ...noText.map((tool_use_id) => content({ type: "tool_result", tool_use_id })),
  content({ type: "image" }),
  content({ type: "image", source: "x" }),
  content({ type: "document", source: 7 }),
  ...[7, {}, [7], [{ type: "text" }]].map((system) => ({ system })),
  ...["yes", 1, {}].map((stream) => ({ stream })),
  ...["hot", {}, []].map((temperature) => ({ temperature })),
  ...["x", {}].map((top_p) => ({ top_p })),
  ...["x", 1.5].map((top_k) => ({ top_k })),
  ...["x", [7], {}].map((stop_sequences) => ({ stop_sequences })),
  ...["on", 7, {}].map((thinking) => ({ thinking })),
  ...["auto", {}, { type: "some" }, { type: "tool" }, { type: "tool", name: 7 }].map((tool_choice) => ({
    tool_choice,
  })),
  ...[{}, "x", [7], [null], [{ name: 7 }], [{ input_schema: {} }]].map((given) => ({ tools: given })),
  ...["x", 7].map((metadata) => ({ metadata })),
];

/** What the real API refuses, or what we cannot do without changing its meaning, and the message. */
const refused: (readonly [Fault, string])[] = [
  [{ compaction: { enabled: true } }, "compaction is not supported by this proxy"],
  [{ thread: { id: "t" } }, "threads are not supported"],
  [
    { mcp_servers: [{ type: "url", url: "https://mcp.test" }] },
    "mcp_servers: MCP servers are not supported by this proxy",
  ],
  [
    { tool_choice: { type: "tool", name: "nowhere" }, tools: [{ name: "Read", input_schema: {} }] },
    "tool_choice.name: the request has no tool named nowhere",
  ],
  [
    tools({ type: "computer_20250124", name: "computer" }),
    "tools.0: tool type computer_20250124 is not supported by this proxy",
  ],
  [
    tools({ type: "web_search_20250305", name: "web_search" }),
    "server tool web_search is not available on this upstream",
  ],
  [content({ type: "image", source: { type: "file", file_id: "f" } }), "file sources are not supported"],
  [content({ type: "document", source: { type: "file", file_id: "f" } }), "file sources are not supported"],
  [
    content({ type: "container_upload", file_id: "f" }),
    "container_upload blocks are not supported by this proxy",
  ],
  [
    {
      messages: [
        user,
        { role: "assistant", content: [{ type: "tool_use", id: "t", name: "Read", input: {} }] },
      ],
    },
    "messages: `tool_use` ids were found without `tool_result` blocks immediately after: t. Each `tool_use` block must have a corresponding `tool_result` block in the next message.",
  ],
];

/** How the message reads that names the field of a malformed fault, in the manner of the real API. */
function namesFieldOf(fault: Fault): RegExp {
  return new RegExp(`^(?:${Object.keys(fault).join("|")})(?:\\.[\\w.]+)?: [A-Z]\\S* `);
}

/** Valid requests with one fault in each. */
export const invalidRequests: fc.Arbitrary<InvalidRequest> = fc
  .tuple(
    validRequests,
    fc.constantFrom(
      ...malformed.map((fault) => ({ fault, message: namesFieldOf(fault) })),
      ...refused.map(([fault, message]) => ({ fault, message })),
    ),
  )
  .map(([request, { fault, message }]) => ({
    request: { ...request, tool_choice: undefined, ...fault },
    message,
  }));
