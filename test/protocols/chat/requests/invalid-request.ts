import fc from "fast-check";
import { validRequests } from "./valid-request.ts";

/** A fault, as members to lay over a valid request. Undefined takes a member away. */
type Fault = { readonly [member: string]: unknown };

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

/** What the real API refuses, or what we cannot do without changing its meaning. */
const refused: Fault[] = [
  { compaction: { enabled: true } },
  { thread: { id: "t" } },
  { mcp_servers: [{ type: "url", url: "https://mcp.test" }] },
  { tool_choice: { type: "tool", name: "nowhere" }, tools: [{ name: "Read", input_schema: {} }] },
  tools({ type: "computer_20250124", name: "computer" }),
  tools({ type: "web_search_20250305", name: "web_search" }),
  content({ type: "image", source: { type: "file", file_id: "f" } }),
  content({ type: "document", source: { type: "file", file_id: "f" } }),
  content({ type: "container_upload", file_id: "f" }),
  {
    messages: [
      user,
      { role: "assistant", content: [{ type: "tool_use", id: "t", name: "Read", input: {} }] },
    ],
  },
];

/** Valid requests with one fault in each. */
export const invalidRequests: fc.Arbitrary<object> = fc
  .tuple(validRequests, fc.constantFrom(...malformed, ...refused))
  .map(([request, fault]) => ({ ...request, tool_choice: undefined, ...fault }));
