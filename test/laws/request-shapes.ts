import { deflateRawSync } from "node:zlib";
import type { ProfileId } from "../../src/profiles/profile-ids.ts";

/** Where a request goes. */
export interface Target {
  profile: ProfileId;
  model: string;
}

/** A kind of request of any size, and where it goes that way: to `generic` when nothing is said. */
export interface RequestShape {
  name: string;
  targets?: readonly Target[];
  /** The fields that are not those of the least request. */
  fields: (size: number) => object;
  /** Of `size`; what the door refuses need not be tried. */
  largestSize?: number;
}

const generic: Target = { profile: "generic", model: "m" };
const claude: Target = { profile: "openrouter", model: "anthropic/claude-opus-4.6" };
const gpt: Target = { profile: "openrouter", model: "openai/gpt-5.4" };
const openai: Target = { profile: "openai", model: "gpt-5.4" };
const deepseek: Target = { profile: "deepseek", model: "deepseek-v4" };
const gemini: Target = { profile: "gemini", model: "gemini-3-pro" };
const kimi: Target = { profile: "kimi", model: "kimi-k2-thinking" };
const qwen: Target = { profile: "qwen", model: "qwen3-max" };
const minimax: Target = { profile: "minimax", model: "MiniMax-M3" };
const mistral: Target = { profile: "mistral", model: "mistral-large" };
const xai: Target = { profile: "xai", model: "grok-4" };

const requestTargets: readonly Target[] = [
  ...[generic, claude, gpt, openai, deepseek, gemini, kimi, qwen, minimax, mistral, xai],
];

function list<Item>(size: number, make: (index: number) => Item): Item[] {
  return Array.from({ length: size }, (_, index) => make(index));
}

const user = (content: unknown) => ({ role: "user", content });
const assistant = (content: unknown) => ({ role: "assistant", content });
const text = (words: string, fields: object = {}) => ({ type: "text", text: words, ...fields });
const call = (id: string, input: unknown = {}, name = "Read") => ({ type: "tool_use", id, name, input });
const result = (id: string, content: unknown = "ok") => ({ type: "tool_result", tool_use_id: id, content });
const tool = (name: string, schema: object = {}) => ({ name, input_schema: { type: "object", ...schema } });
const mark = { cache_control: { type: "ephemeral" } };
const turns = (...content: object[]) => ({ messages: [user("hi"), ...content, user("go on")] });

/** A signature of ours around `members`. */
function envelope(members: object): string {
  const json = JSON.stringify({ f: "or-anthropic", m: claude.model, h: "00000000", ...members });
  return `ccp1.${deflateRawSync(json).toString("base64url")}`;
}

function properties(size: number, make: (index: number) => object = () => ({ type: "string" })) {
  return Object.fromEntries(list(size, (index) => [`p${index}`, make(index)]));
}

/** An object that has `size` properties, all of them required. */
function closedObject(size: number): object {
  const members = properties(size);
  return { properties: members, required: Object.keys(members), additionalProperties: false };
}

/** `inner` within `depth` others. */
function nest(depth: number, inner: unknown, wrap: (inner: unknown) => unknown): unknown {
  let nested = inner;
  for (let level = 0; level < depth; level += 1) nested = wrap(nested);
  return nested;
}

const conversations: RequestShape[] = [
  {
    name: "texts of a user",
    targets: requestTargets,
    fields: (size) => ({ messages: [user(list(size, () => text("x")))] }),
  },
  {
    name: "texts of the assistant",
    targets: requestTargets,
    fields: (size) => turns(assistant(list(size, () => text("x")))),
  },
  {
    name: "texts with cache marks",
    targets: [claude, qwen],
    fields: (size) =>
      turns(assistant(list(size, () => text("x", mark))), user(list(size, () => text("x", mark)))),
  },
  {
    name: "messages",
    targets: requestTargets,
    fields: (size) => ({ messages: list(size, (index) => (index % 2 === 0 ? user("x") : assistant("y"))) }),
    largestSize: 100_000,
  },
  {
    name: "messages of one role",
    fields: (size) => ({ messages: list(size, () => user("x")) }),
    largestSize: 100_000,
  },
  {
    name: "empty turns",
    fields: (size) => ({
      messages: list(size, (index) => (index % 2 === 0 ? user([text(" ")]) : assistant("y"))),
    }),
    largestSize: 100_000,
  },
  {
    name: "system messages",
    targets: [generic, openai, claude],
    fields: (size) => ({
      messages: [
        ...list(size, () => ({ role: "system", content: [text("x", mark), text("y")] })),
        user("hi"),
      ],
    }),
    largestSize: 100_000,
  },
  {
    name: "a system prompt of many texts",
    targets: [generic, claude],
    fields: (size) => ({ system: list(size, (index) => text("x", index % 2 === 0 ? mark : {})) }),
  },
  {
    name: "calls and results, a turn each",
    targets: requestTargets,
    fields: (size) =>
      turns(...list(size, (index) => [assistant([call(`t${index}`)]), user([result(`t${index}`)])]).flat()),
    largestSize: 49_000,
  },
  {
    name: "calls and results in one turn",
    targets: requestTargets,
    fields: (size) =>
      turns(
        assistant(list(size, (index) => call(`t${index}`))),
        user(list(size, (index) => result(`t${index}`))),
      ),
  },
  {
    name: "calls of unknown tools",
    targets: [generic, gemini, kimi, mistral],
    fields: (size) => ({
      tools: list(size, (index) => tool(`T${index}`)),
      ...turns(
        assistant(list(size, (index) => call(`t${index}`, {}, `unknown ${index}`))),
        user(list(size, (index) => result(`t${index}`))),
      ),
    }),
  },
  {
    name: "results without calls",
    fields: (size) => ({
      messages: [user(list(size, (index) => result(`t${index}`, [text("a"), text("b")])))],
    }),
  },
  {
    name: "results of many parts",
    targets: [generic, claude, qwen, gemini],
    fields: (size) =>
      turns(assistant([call("t")]), {
        role: "user",
        content: [
          {
            ...result(
              "t",
              list(size, () => text("x")),
            ),
            ...mark,
            is_error: true,
          },
        ],
      }),
  },
  {
    name: "images in results",
    targets: [generic, claude, gemini],
    fields: (size) => {
      const source = { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" };
      return turns(
        assistant([call("t")]),
        user([
          result(
            "t",
            list(size, () => ({ type: "image", source })),
          ),
        ]),
      );
    },
  },
  {
    name: "[F3] an id that comes again, with a long input",
    fields: (size) => {
      const input = { text: "x".repeat(500 * size) };
      const again = list(size, () => [assistant([call("t", { n: 1 })]), user([result("t")])]).flat();
      return turns(assistant([call("t", input)]), user([result("t")]), ...again);
    },
    largestSize: 40_000,
  },
  {
    name: "[F3] an id that comes again, with a long input like the first",
    fields: (size) => {
      const again = list(size, () => call("t", {}));
      return turns(assistant([call("t", { text: "x".repeat(500 * size) }), ...again]), user([result("t")]));
    },
  },
  {
    name: "documents in documents",
    targets: [generic, claude],
    fields: (size) => {
      const inner = list(size, (index) => text(index === 0 ? "x".repeat(100 * size) : "x"));
      const content = nest(Math.min(100, size >> 3), inner, (within) => [
        { type: "document", title: "t", source: { type: "content", content: within } },
      ]);
      return { messages: [user(content)] };
    },
  },
  {
    name: "faults deep inside",
    fields: (size) => ({
      messages: [
        user(
          nest(
            Math.min(100, size >> 3),
            list(size, () => ({ type: "text" })),
            (within) => [{ type: "document", source: { type: "content", content: within } }],
          ),
        ),
      ],
    }),
  },
  {
    name: "results of tools that ran elsewhere",
    fields: (size) =>
      turns(
        assistant(
          list(size, () => ({ type: "server_tool_use", id: "s", name: "web_search", input: { query: "q" } })),
        ),
        assistant([
          {
            type: "web_search_tool_result",
            tool_use_id: "s",
            content: list(size, () => ({ type: "web_search_result", title: "t", url: "https://a.test" })),
          },
        ]),
      ),
  },
  {
    name: "blocks of unknown types",
    fields: (size) => ({ messages: [user(list(size, (index) => ({ type: `new_${index}`, text: "x" })))] }),
  },
  {
    name: "summaries",
    fields: (size) => turns(assistant(list(size, () => ({ type: "compaction", content: "summary" })))),
  },
];

const thinking: RequestShape[] = [
  {
    name: "[F3] redacted thinking of Claude's",
    targets: [claude],
    fields: (size) =>
      turns(assistant([...list(size, () => ({ type: "redacted_thinking", data: "abc" })), text("x")])),
  },
  {
    name: "[F3] signed thinking of Claude's",
    targets: [claude, deepseek, gemini],
    fields: (size) =>
      turns(
        assistant([...list(size, () => ({ type: "thinking", thinking: "t", signature: "abc" })), text("x")]),
      ),
  },
  {
    name: "thinking in every turn, cleared",
    targets: [claude, deepseek, kimi],
    fields: (size) => ({
      ...turns(
        ...list(size, (index) => [
          assistant([{ type: "thinking", thinking: "t", signature: "s" }, call(`t${index}`)]),
          user([result(`t${index}`)]),
        ]).flat(),
      ),
      thinking: { type: "enabled", budget_tokens: 2000 },
      context_management: {
        edits: [
          { type: "clear_thinking_20251015", keep: { type: "thinking_turns", value: size >> 1 } },
          ...list(size, () => ({ type: "clear_tool_uses_20250919" })),
        ],
      },
    }),
    largestSize: 49_000,
  },
  {
    name: "[F3] envelopes with details",
    targets: [claude],
    fields: (size) => {
      const block = (index: number) => ({
        type: "thinking",
        thinking: "",
        signature: envelope({ rd: [{ type: "reasoning.encrypted", id: `i${index}`, data: "abc" }] }),
      });
      return turns(assistant([...list(size, block), text("x")]));
    },
    largestSize: 40_000,
  },
  {
    name: "[F3] details that stand for a long text",
    targets: [claude],
    fields: (size) => {
      const rd = list(size, (index) => ({
        type: "reasoning.text",
        id: `i${index}`,
        signature: "s",
        text: 0,
      }));
      return turns(
        assistant([{ type: "thinking", thinking: "", signature: envelope({ t: "x".repeat(9 * size), rd }) }]),
      );
    },
    largestSize: 8_000,
  },
];

const tools: RequestShape[] = [
  {
    name: "tools",
    targets: requestTargets,
    fields: (size) => ({ tools: list(size, (index) => tool(`T${index}`)) }),
  },
  {
    name: "tools with the same name, and with long names",
    fields: (size) => ({ tools: list(size, (index) => tool(`${"x".repeat(index % 200)}!`)) }),
  },
  {
    name: "tools of servers",
    targets: [generic, claude],
    fields: (size) => ({
      tools: [tool("T"), ...list(size, (index) => ({ type: "web_search_20250305", name: `w${index}` }))],
    }),
  },
  {
    name: "[F3] tools and tools that leave",
    fields: (size) => ({
      tools: list(size, (index) => tool(`T${index}`)),
      messages: [
        user([...list(size, (index) => ({ type: "tool_removal", tool_name: `T${index}` })), text("hi")]),
      ],
    }),
  },
  {
    name: "[F3] tools that join",
    fields: (size) => ({
      messages: [
        user([
          ...list(size, (index) => ({ type: "tool_addition", tool_definition: tool(`T${index}`) })),
          text("hi"),
        ]),
      ],
    }),
  },
  {
    name: "a choice among many tools",
    targets: [generic, deepseek, minimax],
    fields: (size) => ({
      tools: list(size, (index) => tool(`T${index}`)),
      tool_choice: { type: "tool", name: `T${size - 1}` },
    }),
  },
  {
    name: "[F3] a strict tool with many required properties",
    targets: [generic, openai, deepseek, gemini, kimi],
    fields: (size) => ({ tools: [{ ...tool("T", closedObject(size)), strict: true }] }),
  },
  {
    name: "many strict tools",
    targets: [openai, deepseek],
    fields: (size) => ({
      tools: list(size, (index) => ({ ...tool(`T${index}`, closedObject(2)), strict: true })),
    }),
  },
  {
    name: "[F3] references to a definition with a long reference",
    targets: [gemini, generic],
    fields: (size) => ({
      tools: [
        tool("T", {
          properties: properties(size, () => ({ $ref: "#/$defs/A" })),
          $defs: { A: { $ref: `#/${"a/".repeat(50 * size)}` } },
        }),
      ],
    }),
  },
  {
    name: "[F3] references to a large definition",
    targets: [gemini, kimi],
    fields: (size) => ({
      tools: [
        tool("T", {
          properties: properties(size, () => ({ $ref: "#/$defs/A" })),
          $defs: { A: { type: "object", properties: properties(size) } },
        }),
      ],
    }),
  },
  {
    name: "[F3] references to a definition with a long description",
    targets: [gemini],
    fields: (size) => ({
      tools: [
        tool("T", {
          properties: properties(size, () => ({ $ref: "#/$defs/A" })),
          $defs: { A: { type: "string", description: "x".repeat(50 * size) } },
        }),
      ],
    }),
  },
  {
    name: "definitions that refer to each other",
    targets: [gemini],
    fields: (size) => ({
      tools: [
        tool("T", {
          properties: { a: { $ref: "#/$defs/D0" } },
          $defs: Object.fromEntries(
            list(size, (index) => [
              `D${index}`,
              { anyOf: list(8, (step) => ({ $ref: `#/$defs/D${(index + step) % size}` })) },
            ]),
          ),
        }),
      ],
    }),
  },
  {
    name: "alternatives in alternatives",
    targets: [gemini, kimi],
    fields: (size) => ({
      tools: [
        tool("T", {
          properties: {
            a: nest(Math.min(200, size >> 3), properties(size), (inner) => ({
              anyOf: [inner, { type: "null" }],
            })),
          },
        }),
      ],
    }),
  },
  {
    name: "an enumeration",
    targets: [gemini, kimi],
    fields: (size) => ({
      tools: [
        tool("T", {
          properties: { a: { enum: list(size, (index) => `v${index}`), type: ["string", "null"] } },
        }),
      ],
    }),
  },
];

const others: RequestShape[] = [
  {
    name: "[F3] a user id of many sessions",
    targets: [claude, openai, kimi],
    fields: (size) => ({ metadata: { user_id: `${"_session_a".repeat(size)}!` } }),
  },
  {
    name: "a user id of JSON",
    targets: [claude],
    fields: (size) => ({ metadata: { user_id: `{"a":${"[".repeat(size)}` } }),
  },
  {
    name: "unknown fields",
    fields: (size) => Object.fromEntries(list(size, (index) => [`field_${index}`, index])),
  },
  {
    name: "stop sequences",
    fields: (size) => ({ stop_sequences: list(size, (index) => `stop ${index}`) }),
  },
  {
    name: "a format of many properties",
    targets: [generic, openai, deepseek],
    fields: (size) => ({
      output_config: { format: { type: "json_schema", schema: { type: "object", ...closedObject(size) } } },
    }),
  },
  {
    name: "[F3] a model with a long name",
    targets: [gemini, xai, generic],
    fields: (size) => ({ model: `a/${"gemini-3".repeat(size)}` }),
  },
];

/** Every way in which a request can be long; who finds another adds it here. */
export const requestShapes: readonly RequestShape[] = [...conversations, ...thinking, ...tools, ...others];
