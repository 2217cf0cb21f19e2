import { describe, expect, test } from "bun:test";
import type { ProfileId } from "../../../../src/profiles/profile-ids.ts";
import { RequestedTools } from "../../../../src/translate/tools/requested-tools.ts";
import { build, invalidRequest, plan, refusalOf, toolRound } from "./build.ts";

const empty = { type: "object", properties: {} };
const hi = { role: "user", content: "hi" };

function tool(name: string, extra: object = {}): object {
  return { name, input_schema: empty, ...extra };
}

function chatTool(name: string, extra: object = {}): object {
  return { type: "function", function: { name, parameters: empty, ...extra } };
}

/** The tools sent for these tools, names only. */
function sentNames(tools: object[], profile: ProfileId, model = "m", messages: object[] = [hi]): unknown[] {
  const { chatRequest } = plan({ tools, messages }, { profile, model });
  return (chatRequest.tools ?? []).map((sent) => (sent.type === "function" ? sent.function.name : sent.type));
}

describe("custom tools", () => {
  test("[1.3:custom 1.3:defer_loading 1.3:tool-extras] description and schema; the rest of the keys go", () => {
    const tools = [
      tool("A", {
        description: "d",
        type: "custom",
        eager_input_streaming: true,
        allowed_callers: ["direct"],
      }),
      tool("B", { input_examples: [{}], cache_control: { type: "ephemeral" }, defer_loading: true }),
      { name: "C" },
    ];
    expect<unknown>(build({ tools }).tools).toEqual([
      chatTool("A", { description: "d" }),
      chatTool("B"),
      chatTool("C"),
    ]);
  });

  test("[1.3:name] the way back knows them by the name sent, with the client's own schema", () => {
    const input_schema = { $schema: "x", type: "object", properties: { a: { type: "string" } } };
    expect(plan({ tools: [{ name: "a.b", input_schema }] }).tools).toEqual(
      new RequestedTools([["a_b", { name: "a.b", inputSchema: input_schema }]]),
    );
  });

  test("[1.3:duplicate] the first of two of one name wins", () => {
    const built = plan({ tools: [tool("A", { description: "1" }), tool("A", { description: "2" })] });
    expect<unknown>(built.chatRequest.tools).toEqual([chatTool("A", { description: "1" })]);
    expect(built.dropped).toEqual(["duplicate tool A"]);
  });

  test("[1.3:duplicate] so it is with tools that the upstream runs, but not with one that it cannot run", () => {
    const search = { type: "web_search_20250305", name: "web_search" };
    const own = tool("web_search", {});
    expect<unknown>(plan({ tools: [search, search] }, { profile: "openrouter" }).chatRequest.tools).toEqual([
      { type: "openrouter:web_search" },
    ]);
    expect<unknown>(plan({ tools: [search, own] }).chatRequest.tools).toEqual([chatTool("web_search", {})]);
  });

  test("[1.3:none-left] no tools, no fields about tools", () => {
    const tool_choice = { type: "any", disable_parallel_tool_use: true };
    expect(build({ tools: [], tool_choice })).toEqual(build({}));
    expect(build({ tools: [tool("DeferredToolPlaceholder")], tool_choice })).toEqual(build({}));
  });

  test("[1.3:custom] one without a name is refused", () => {
    const refusal = refusalOf({ tools: [tool("A"), { input_schema: empty }] });
    expect(refusal).toEqual(invalidRequest("tools.1.name: Field required"));
  });
});

describe("[1.3:name] names", () => {
  const long = `mcp__${"x".repeat(75)}`;
  const longSent = `mcp__${"x".repeat(50)}_9c627267`;

  test.each([
    [
      ["Read", "mcp__a__b-c"],
      ["Read", "mcp__a__b-c"],
    ],
    [["a.b/c"], ["a_b_c"]],
    [
      ["a.b", "a_b"],
      ["a_b_2e7336dc", "a_b"],
    ],
    [[long], [longSent]],
    [["x".repeat(64)], ["x".repeat(64)]],
    [["1st"], ["1st"]],
  ])("%j", (names, expected) => {
    expect(
      sentNames(
        names.map((name) => tool(name)),
        "generic",
      ),
    ).toEqual(expected);
  });

  test("[1.3:name] kimi takes none that starts with a digit", () => {
    expect(sentNames([tool("1st"), tool("a1")], "kimi")).toEqual(["t_1st", "a1"]);
  });

  test("[1.3:name] are the same in history, choice and tools", () => {
    const messages = [hi, ...toolRound("t", {}, long)];
    const chatRequest = build({ tools: [tool(long)], messages, tool_choice: { type: "tool", name: long } });
    expect<unknown>(chatRequest.tool_choice).toEqual({ type: "function", function: { name: longSent } });
    expect<unknown>(chatRequest.messages[1]).toEqual({
      role: "assistant",
      content: null,
      tool_calls: [{ id: "t", type: "function", function: { name: longSent, arguments: '{"p":"a"}' } }],
    });
  });
});

describe("[1.3:128] more tools than the upstream takes", () => {
  const names = Array.from({ length: 130 }, (_, index) => `mcp__s__t${index}`);
  const tools = [...names, "Read"].map((name) => tool(name));
  const messages = [hi, ...toolRound("t", {}, "mcp__s__t129")];
  const kept = [...names.slice(0, 126), "mcp__s__t129", "Read"];

  test.each([
    ["openai", "gpt-5.2"],
    ["openrouter", "openai/gpt-5.2"],
    ["groq", "m"],
    ["glm", "m"],
    ["xai", "m"],
  ] as const)("%s %s: used ones first, then those of no server, in their own order", (profile, model) => {
    expect(sentNames(tools, profile, model, messages)).toEqual(kept);
  });

  test("the one that is forced is kept", () => {
    const tool_choice = { type: "tool", name: "mcp__s__t128" };
    const { chatRequest } = plan({ tools, tool_choice }, { profile: "groq" });
    expect<unknown>([chatRequest.tools?.length, chatRequest.tool_choice]).toEqual([
      128,
      { type: "function", function: { name: "mcp__s__t128" } },
    ]);
  });

  test("the log tells which", () => {
    const { dropped } = plan({ tools, messages }, { profile: "groq" });
    expect(dropped).toEqual(["tool mcp__s__t126", "tool mcp__s__t127", "tool mcp__s__t128"]);
  });

  test("others get all", () => {
    expect(sentNames(tools, "openrouter", "anthropic/claude-opus-4.6").length).toBe(131);
  });
});

describe("[1.3:strict] strict", () => {
  const properties = { a: { type: "array", items: { ...empty, additionalProperties: false } } };
  const valid = { type: "object", properties, required: ["a"], additionalProperties: false };
  const strict = { name: "S", strict: true, input_schema: valid };
  const beta = "https://api.deepseek.com/beta";

  test.each([
    ["generic", [strict], [true], []],
    ["openai", [strict, tool("A")], [true, undefined], []],
    ["glm", [strict], [undefined], ["tools.strict"]],
    ["minimax", [strict], [undefined], ["tools.strict"]],
    ["xai", [strict], [undefined], ["tools.strict"]],
    ["ollama", [strict], [undefined], ["tools.strict"]],
    ["deepseek", [strict], [undefined], ["tools.strict"]],
  ] as const)("%s %j", (profile, tools, expected, dropped) => {
    const built = plan({ tools }, { profile });
    const sent = (built.chatRequest.tools ?? []).map((one) => one.type === "function" && one.function.strict);
    expect([sent, built.dropped]).toEqual([[...expected], [...dropped]]);
  });

  test.each([
    [[strict], [true]],
    [
      [strict, tool("A")],
      [undefined, undefined],
    ],
    [
      [strict, tool("A", { strict: true })],
      [undefined, undefined],
    ],
  ])("DeepSeek's beta wants all or none: %j", (tools, expected) => {
    const built = plan({ tools }, { profile: "deepseek", baseUrl: beta });
    const sent = (built.chatRequest.tools ?? []).map((one) => one.type === "function" && one.function.strict);
    expect(sent).toEqual(expected);
  });

  test.each([
    [{ ...valid, additionalProperties: true }],
    [{ ...valid, required: [] }],
    [{ ...valid, properties: { a: { type: "array", items: empty } } }],
    [{ ...valid, properties: { a: { anyOf: [{ type: "string" }, { ...empty }] } } }],
    [{ ...valid, $defs: { X: empty } }],
    [{ ...valid, $defs: { X: { properties: {} } } }],
  ])("is left out where the schema does not allow it: %j", (input_schema) => {
    const built = plan({ tools: [{ name: "S", strict: true, input_schema }] });
    expect<unknown>(built.chatRequest.tools).toEqual([
      { type: "function", function: { name: "S", parameters: input_schema } },
    ]);
    expect(built.dropped).toEqual(["tools.strict"]);
  });
});

describe("tools that Anthropic models know without a schema", () => {
  const line = { type: "integer" };
  const text = { type: "string" };
  const texts = (names: string[]) => Object.fromEntries(names.map((name) => [name, text]));

  test.each([
    ["bash_20250124", "bash", { command: text, restart: { type: "boolean" } }, ["command"]],
    [
      "text_editor_20250728",
      "str_replace_based_edit_tool",
      {
        command: { type: "string", enum: ["view", "create", "str_replace", "insert"] },
        ...texts(["path", "file_text", "old_str", "new_str", "insert_text"]),
        view_range: { type: "array", items: line },
        insert_line: line,
      },
      ["command", "path"],
    ],
    [
      "memory_20250818",
      "memory",
      {
        command: { type: "string", enum: ["view", "create", "str_replace", "insert", "delete", "rename"] },
        ...texts(["path", "file_text", "old_str", "new_str", "insert_text", "old_path", "new_path"]),
        insert_line: line,
      },
      ["command"],
    ],
  ])("[1.3:builtin] %s", (type, name, properties, required) => {
    const [sent] = build({ tools: [{ type, name }] }).tools ?? [];
    const parameters = sent?.type === "function" ? sent.function.parameters : undefined;
    expect<unknown>(parameters).toEqual({ type: "object", properties, required });
  });

  test.each(["computer_20250124", "browser_toolset_20260101", "computer_toolset_20260101"])(
    "[1.3:computer] %s is refused",
    (type) => {
      const refusal = refusalOf({ tools: [tool("A"), { type, name: "computer" }] });
      expect(refusal).toEqual(invalidRequest(`tools.1: tool type ${type} is not supported by this proxy`));
    },
  );
});

describe("tools that run at the real API", () => {
  const search = {
    type: "web_search_20250305",
    name: "web_search",
    max_uses: 8,
    blocked_domains: ["a.test"],
  };
  const fetch = { type: "web_fetch_20250910", name: "web_fetch" };

  test("[1.3:web_search 1.3:web_fetch] OpenRouter runs two of them", () => {
    const messages = [
      hi,
      { role: "assistant", content: "A" },
      { role: "user", content: [{ type: "text", text: `Search for ${"bun ".repeat(100)}` }] },
    ];
    const built = plan({ tools: [search, fetch], messages }, { profile: "openrouter" });
    expect(built.chatRequest.tools).toEqual([
      { type: "openrouter:web_search", parameters: { excluded_domains: ["a.test"], max_uses: 8 } },
      { type: "openrouter:web_fetch" },
    ]);
    expect(built.webSearchQuery).toBe(`Search for ${"bun ".repeat(100)}`.slice(0, 200));
  });

  test("[1.3:web_search] OpenRouter is told of all that limits a search", () => {
    const allowed_domains = ["b.test"];
    const user_location = { type: "approximate", city: "Oslo" };
    const tools = [{ ...search, blocked_domains: null, allowed_domains, user_location }];
    expect(build({ tools }, { profile: "openrouter" }).tools).toEqual([
      { type: "openrouter:web_search", parameters: { allowed_domains, max_uses: 8, user_location } },
    ]);
  });

  test("[1.3:web_search] without limits it has no parameters", () => {
    const tools = [{ type: "web_search_20260209", name: "web_search" }];
    expect(build({ tools }, { profile: "openrouter" }).tools).toEqual([{ type: "openrouter:web_search" }]);
  });

  test("[1.3:web_fetch] fetching a page is no search", () => {
    expect(plan({ tools: [fetch] }, { profile: "openrouter" }).webSearchQuery).toBe(null);
  });

  test("[1.3:web_search] OpenAI's search models search by themselves", () => {
    const user_location = { type: "approximate", city: "Oslo", country: "NO" };
    const target = { profile: "openai", model: "gpt-4o-search-preview" } as const;
    const built = plan({ tools: [{ ...search, user_location }] }, target);
    expect<object>(built.chatRequest).toEqual({
      ...plan({}, target).chatRequest,
      web_search_options: {
        user_location: { type: "approximate", approximate: { city: "Oslo", country: "NO" } },
      },
    });
    expect(built.webSearchQuery).toBe("hi");
  });

  test.each(["code_execution_20250825", "advisor_20260301"])(
    "[1.3:server-tools] OpenRouter does not run %s",
    (type) => {
      const built = plan({ tools: [tool("A"), { type, name: "x" }] }, { profile: "openrouter" });
      expect<unknown>(built.chatRequest.tools).toEqual([chatTool("A")]);
    },
  );

  test.each(["web_search_20250305", "web_fetch_20250910", "code_execution_20250825", "advisor_20260301"])(
    "[1.3:server-tools 1.3:web_search 1.3:web_fetch] %s elsewhere is dropped beside other tools and refused alone",
    (type) => {
      const name = type.replace(/_\d+$/, "");
      const built = plan({ tools: [tool("A"), { type, name }] });
      expect<unknown>([built.chatRequest.tools, built.dropped]).toEqual([
        [chatTool("A")],
        [`server tool ${name}`],
      ]);
      const refusal = refusalOf({ tools: [{ type, name }] });
      expect(refusal).toEqual(invalidRequest(`server tool ${name} is not available on this upstream`));
    },
  );

  test("[1.3:tool_search] the search for tools is dropped: all are sent anyway", () => {
    const tools = [{ type: "tool_search_tool_regex_20251119", name: "tool_search_tool_regex" }, tool("A")];
    const built = plan({ tools });
    expect<unknown>([built.chatRequest.tools, built.dropped]).toEqual([[chatTool("A")], []]);
  });
});

describe("[1.3:stubs] calls in the history and no tools", () => {
  const messages = [hi, ...toolRound("t", {}, "Read"), ...toolRound("u", {}, "Write")];

  test("Anthropic behind OpenRouter gets stubs", () => {
    const target = { profile: "openrouter", model: "anthropic/claude-opus-4.6" } as const;
    const { chatRequest, dropped } = plan({ messages }, target);
    expect<unknown>([chatRequest.tools, dropped]).toEqual([[chatTool("Read"), chatTool("Write")], []]);
  });

  test("others get nothing", () => {
    expect(build({ messages }).tools).toBe(undefined);
  });
});
