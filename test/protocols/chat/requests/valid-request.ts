import fc from "fast-check";
import { surveyedSchemas } from "../../../support/surveyed-schemas.ts";
import { history } from "../request/arbitrary-history.ts";

/** A field that is absent as often as it is there. */
function maybe<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.option(arbitrary, { nil: undefined });
}

const mark = maybe(fc.constantFrom({ type: "ephemeral" }, { type: "ephemeral", ttl: "1h" }));
const words = fc.oneof(
  fc.constantFrom("", " ", "A", "x-anthropic-billing-header: cc_version=1;"),
  fc.string({ maxLength: 20 }),
);
const text = fc.record({ type: fc.constant("text"), text: words, cache_control: mark });

const imageSource = fc.constantFrom(
  { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" },
  { type: "base64", media_type: "image/gif", data: "R0lGODlhAQAB" },
  { type: "url", url: "https://pictures.test/1.png" },
);
const documentSource = fc.constantFrom<object>(
  { type: "base64", media_type: "application/pdf", data: "JVBERi0=" },
  { type: "url", url: "https://papers.test/1.pdf" },
  { type: "text", media_type: "text/plain", data: "D" },
  { type: "content", content: [{ type: "text", text: "D" }] },
  { type: "content", content: "D" },
);
const image = fc.record({ type: fc.constant("image"), source: imageSource, cache_control: mark });
const document = fc.record({
  type: fc.constant("document"),
  source: documentSource,
  title: maybe(fc.constant('a "title"')),
  context: maybe(fc.constant("from 1999")),
  cache_control: mark,
});
const searchResult = fc.record({
  type: fc.constant("search_result"),
  source: fc.constant("s"),
  title: fc.constant("t"),
  content: fc.array(text, { maxLength: 2 }),
});
const unknownBlock = fc.constantFrom<object>({ type: "hologram" }, { type: "browser_state", text: "page" });
const userBlock = fc.oneof(text, image, document, searchResult, unknownBlock);
const resultContent = fc.oneof(
  words,
  fc.array(
    fc.oneof(text, image, document, searchResult, fc.constant({ type: "tool_reference", tool_name: "Read" })),
    {
      maxLength: 3,
    },
  ),
  fc.constant(undefined),
);

const names = ["Read", "mcp__a.b", "3d", `mcp__server__${"long".repeat(20)}`, "Grep"];
const input = fc.dictionary(fc.string({ maxLength: 4 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
const serverBlocks = fc.constantFrom<object[]>(
  [],
  [],
  [
    { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "bun" } },
    {
      type: "web_search_tool_result",
      tool_use_id: "srvtoolu_1",
      content: [{ type: "web_search_result", url: "https://a.test", title: "A" }],
    },
  ],
  [{ type: "mcp_tool_use", id: "m", server_name: "git", name: "log", input: {} }],
  [{ type: "compaction", content: "so far" }],
  [{ type: "redacted_thinking", data: "EqQB" }],
);

/** A round with tools, as clients lead it: thinking, text, calls, and the results of all of them. */
const round = fc
  .record({
    number: fc.integer({ min: 1000, max: 9999 }),
    before: fc.array(fc.oneof(text, fc.constant({ type: "thinking", thinking: "T", signature: "EqQB" })), {
      maxLength: 2,
    }),
    served: serverBlocks,
    calls: fc.array(
      fc.record({
        name: fc.constantFrom(...names),
        input,
        content: resultContent,
        is_error: maybe(fc.boolean()),
        cache_control: mark,
      }),
      { maxLength: 3 },
    ),
    after: fc.array(userBlock, { maxLength: 2 }),
  })
  .map(({ number, before, served, calls, after }) => {
    const ids = calls.map((_, index) => `toolu_${number}_${index}`);
    const uses = calls.map(({ name, input: given }, index) => ({
      type: "tool_use",
      id: ids[index],
      name,
      input: given,
    }));
    const results = calls.map(({ content, is_error, cache_control }, index) => ({
      type: "tool_result",
      tool_use_id: ids[index],
      content,
      is_error,
      cache_control,
    }));
    return [
      { role: "assistant", content: [...before, ...served, ...uses] },
      { role: "user", content: [...results, ...after] },
    ];
  });

/** The client's billing header is in the system prompt only. */
const reminder = fc.constantFrom("", " ", "The date changed.");
const reminderText = fc.record({ type: fc.constant("text"), text: reminder, cache_control: mark });
const systemEntry = fc.record({
  role: fc.constant("system"),
  content: fc.oneof(reminder, fc.array(reminderText, { maxLength: 2 })),
  output_config: maybe(fc.constant({ effort: "low" })),
  clear_at: maybe(fc.constant("next_user_message")),
});

const messages = fc.oneof(
  history.map((earlier): object[] => earlier),
  fc
    .array(
      fc.oneof(
        { weight: 4, arbitrary: round },
        { weight: 1, arbitrary: systemEntry.map((entry) => [entry]) },
      ),
      { maxLength: 4 },
    )
    .map((rounds): object[] => [{ role: "user", content: "hi" }, ...rounds.flat()]),
);

const schema = fc.oneof(
  fc.constantFrom<object>(...surveyedSchemas.map(([, surveyed]) => surveyed)),
  fc.constantFrom<object>(
    {},
    { type: "object" },
    {
      $schema: "x",
      type: "object",
      properties: { p: { type: "string", format: "uri", default: "d" } },
      additionalProperties: false,
    },
    {
      type: "object",
      properties: { format: { const: 1 }, a: { type: ["string", "null"] }, b: { $ref: "#/$defs/B" } },
      $defs: { B: { type: "integer", exclusiveMinimum: 0 } },
      required: ["a", "gone"],
    },
    {
      type: "object",
      properties: {
        any: { type: "string", anyOf: [{ type: "string" }, { type: "number" }] },
        list: { type: "array", items: [{ type: "string" }] },
        open: true,
      },
    },
  ),
);
const tool = fc.record({
  name: fc.constantFrom(...names),
  description: maybe(fc.constant("D")),
  input_schema: schema,
  strict: maybe(fc.boolean()),
  defer_loading: maybe(fc.boolean()),
  cache_control: mark,
});
const readTool = { name: "Read", input_schema: { type: "object" } };
const builtin = fc.constantFrom<object>(
  { type: "bash_20250124", name: "bash" },
  { type: "text_editor_20250728", name: "str_replace_based_edit_tool" },
  { type: "web_search_20250305", name: "web_search" },
  { type: "code_execution_20250825", name: "code_execution" },
  { type: "tool_search_tool_regex_20251119", name: "tool_search" },
);
/** `Read` is among them, so that it can be named. */
const tools = fc
  .array(fc.oneof<fc.Arbitrary<object>[]>(tool, tool, builtin), { maxLength: 5 })
  .map((some): object[] => [readTool, ...some]);
const manyTools = fc.constant(
  Array.from({ length: 140 }, (_, index) => ({
    name: `mcp__s__t${index}`,
    input_schema: { type: "object" },
  })).concat(readTool),
);

const toolChoice = fc.constantFrom(
  { type: "auto", disable_parallel_tool_use: true },
  { type: "any" },
  { type: "tool", name: "Read", disable_parallel_tool_use: true },
  { type: "none" },
);
const format = fc.record({
  type: fc.constant("json_schema"),
  schema: fc.constantFrom(
    { type: "object", properties: { t: { type: "string" } } },
    ...surveyedSchemas.map(([, surveyed]) => surveyed),
  ),
});

/** Any request that the real API would take, and that asks for nothing we have to refuse. */
export const validRequests: fc.Arbitrary<object> = fc.record({
  model: fc.constantFrom("claude-opus-5-5", "haiku", "x"),
  max_tokens: fc.constantFrom(1, 64, 8192, 128_000),
  messages: messages.map((earlier) => [...earlier, { role: "user", content: "now" }]),
  system: maybe(fc.oneof(words, fc.array(text, { maxLength: 3 }))),
  stream: maybe(fc.boolean()),
  temperature: maybe(fc.constantFrom(0, 0.5, 1)),
  top_p: maybe(fc.constantFrom(0.1, 1)),
  top_k: maybe(fc.constantFrom(1, 40)),
  stop_sequences: maybe(fc.constantFrom([], [" "], ["a"], ["1", "2", "3", "4", "5"])),
  tools: fc.oneof({ weight: 9, arbitrary: tools }, { weight: 1, arbitrary: manyTools }),
  tool_choice: maybe(toolChoice),
  thinking: maybe(
    fc.constantFrom<object>(
      { type: "disabled" },
      { type: "adaptive", display: "omitted" },
      { type: "between_tools" },
      { type: "enabled", budget_tokens: 1024 },
      { type: "enabled", budget_tokens: 31_999 },
    ),
  ),
  output_config: maybe(
    fc.record({
      effort: maybe(fc.constantFrom("low", "medium", "high", "xhigh", "max")),
      format: maybe(format),
    }),
  ),
  metadata: maybe(fc.constant({ user_id: "user_a_account__session_0f2b9d3c-1111-4222-8333-944445555666" })),
  cache_control: mark,
  context_management: maybe(
    fc.constant({ edits: [{ type: "clear_thinking_20251015", keep: { type: "thinking_turns", value: 1 } }] }),
  ),
  speed: maybe(fc.constant("fast")),
  tomorrow: maybe(fc.jsonValue()),
});
