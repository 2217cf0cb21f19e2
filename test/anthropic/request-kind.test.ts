import { describe, expect, test } from "bun:test";
import { type ClientHints, readClientHints } from "../../src/anthropic/client-hints.ts";
import {
  findPurpose,
  findRequestKind,
  isAside,
  isFromAgent,
  type PurposefulRequest,
  type RequestPurpose,
} from "../../src/anthropic/request-kind.ts";

const identity = "You are Claude Code, Anthropic's official CLI for Claude.";
const billing = "x-anthropic-billing-header: cc_version=2.1.332.abc; cc_entrypoint=cli;";
const text = (content: string) => ({ type: "text" as const, text: content });
const system = (...texts: string[]) => texts.map(text);
const tool = { name: "Read", description: "Reads a file", input_schema: { type: "object" } };
const user = (...texts: string[]) => [{ role: "user" as const, content: texts.map(text) }];

const request = (changes: Partial<PurposefulRequest>): PurposefulRequest => ({
  model: "claude-opus-5-5",
  stream: true,
  system: system(billing, identity, "You are an agent."),
  messages: user("Mend the test."),
  tools: [tool],
  ...changes,
});

const hints = (headers: Record<string, string> = {}): ClientHints => readClientHints(new Headers(headers));
const classes = (requestClass: string, firstParty?: string) =>
  hints({
    "x-claude-code-request-class": requestClass,
    ...(firstParty === undefined ? {} : { "x-claude-1p-request-class": firstParty }),
  });

const webSearch = { tools: [{ type: "web_search_20250305", name: "web_search", max_uses: 8 }] };
const compaction = "CRITICAL: Respond with TEXT ONLY. Do NOT call any tools.";

/** Requests by the texts that the client writes. */
const written: [RequestPurpose, string, Partial<PurposefulRequest>][] = [
  ["main", "a turn", {}],
  ["main", "a question beside it", { messages: user("<system-reminder>This is a side question") }],
  ["compaction", "2.1.332", { messages: user("Mend the test.", compaction) }],
  ["compaction", "behind white space", { messages: user(`\n\n${compaction}`) }],
  ["compaction", "as one text", { messages: [{ role: "user", content: compaction }] }],
  [
    "compaction",
    "before a reminder",
    { messages: user(compaction, "<system-reminder>As you answer, remember …</system-reminder>") },
  ],
  [
    "compaction",
    "before a message of the system",
    { messages: [...user(compaction), { role: "system", content: "The date has changed." }] },
  ],
  [
    "compaction",
    "1.0.56",
    {
      system: system(identity, "You are a helpful AI assistant tasked with summarizing conversations."),
      messages: user("Your task is to create a detailed summary of the conversation so far"),
    },
  ],
  [
    "title",
    "2.1.332",
    { tools: [], system: system(billing, identity, "You are naming a coding session so the user …") },
  ],
  [
    "title",
    "1.0.56",
    {
      tools: null,
      system: system(identity, "Analyze if this message indicates a new conversation topic. If it does, …"),
    },
  ],
  ["suggestion", "2.1.332", { messages: user("[SUGGESTION MODE: Suggest what the user …") }],
  [
    "hook",
    "2.1.332",
    { tools: [], system: system(billing, "You are evaluating a stop-condition hook in Claude Code. Read …") },
  ],
  ["web_search", "2.1.332", webSearch],
  ["web_fetch", "2.1.332", { tools: [], messages: user("\nWeb page content:\n---\nHello\n---\n") }],
  ["web_fetch", "1.0.56", { tools: null, messages: user("\nWeb page content:\n---\nHello\n---\n") }],
  [
    "classifier",
    "2.1.332",
    { stream: null, tools: null, system: system(billing, "You are a security monitor for …") },
  ],
  ["subagent", "2.1.332", { system: system(`${billing} cc_is_subagent=true;`, identity) }],
  ["subagent", "in one text", { system: `${billing} cc_is_subagent=true;\n${identity}` }],
];

describe("without hints", () => {
  test.each(written)("%s: %s", (purpose, _name, changes) => {
    expect(findPurpose(request(changes), hints())).toBe(purpose);
  });

  test("an agent's id tells a sub-agent, and its other requests are what they are", () => {
    const agent = hints({ "x-claude-code-agent-id": "a1" });
    expect(findPurpose(request({}), agent)).toBe("subagent");
    expect(findPurpose(request(webSearch), agent)).toBe("web_search");
    expect(findPurpose(request({ messages: user(compaction) }), agent)).toBe("compaction");
  });

  test.each<[string, Partial<PurposefulRequest>]>([
    [
      "an earlier message",
      { messages: [...user(compaction), { role: "assistant", content: "x" }, ...user("go on")] },
    ],
    ["an earlier block", { messages: user(compaction, "is what I read in the log. Why?") }],
    ["the middle of a text", { messages: user(`Why does it say "${compaction}"?`) }],
    [
      "a result",
      {
        messages: [
          { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: compaction }] },
        ],
      },
    ],
    ["an answer", { messages: [...user("hello"), { role: "assistant", content: compaction }] }],
    ["the system prompt", { system: system(compaction) }],
    ["a page, where tools are", { messages: user("Web page content: is what?") }],
    ["a title, where tools are", { system: system("You are naming a coding session") }],
    [
      "the middle of the system prompt",
      { tools: [], system: `${identity}\nYou are naming a coding session` },
    ],
    ["an agent in the user's words", { messages: user(`${billing} cc_is_subagent=true;`) }],
    ["an agent in the system prompt", { system: `${identity}\ncc_is_subagent=true` }],
    ["an agent behind the line", { system: `${billing}\ncc_is_subagent=true;` }],
    ["no text at all", { messages: [{ role: "user", content: [] }], system: null, tools: null }],
    ["no user", { messages: [{ role: "assistant", content: "hello" }] }],
  ])("a text in the wrong place says nothing: %s", (_name, changes) => {
    expect(findPurpose(request(changes), hints())).toBe("main");
  });
});

describe("with hints", () => {
  test.each<[RequestPurpose, ClientHints]>([
    ["main", classes("main", "main")],
    ["compaction", classes("compaction")],
    ["subagent", classes("subagent", "blocking-subagent")],
    ["subagent", classes("workflow", "background-task")],
    ["title", classes("auxiliary", "summary-extraction")],
    ["suggestion", classes("auxiliary", "followup-generation")],
    ["main", classes("auxiliary", "main")],
    ["main", classes("side_reply")],
    ["main", classes("something new")],
  ])("%s: %j", (purpose, said) => {
    expect(findPurpose(request({}), said)).toBe(purpose);
  });

  test("texts tell the auxiliary requests apart that have one class", () => {
    const auxiliary = classes("auxiliary", "main");
    for (const [purpose, , changes] of written) {
      const expected = purpose === "subagent" ? "main" : purpose;
      expect(findPurpose(request(changes), auxiliary)).toBe(expected);
    }
  });

  test("the class of a turn counts more than its texts", () => {
    expect(findPurpose(request({ messages: user(compaction) }), classes("main"))).toBe("main");
    expect(findPurpose(request({ messages: user(compaction) }), classes("subagent"))).toBe("subagent");
  });
});

describe("a question beside the conversation", () => {
  const side = "<system-reminder>This is a side question from the user. You must answer …";
  const asked = request({ messages: user("Mend the test.", side) });

  test("shows by its class, or without hints by its text", () => {
    expect(isAside(request({}), classes("auxiliary", "main"))).toBe(true);
    expect(isAside(request({}), classes("side_reply"))).toBe(true);
    expect(isAside(asked, hints())).toBe(true);
    expect(isAside(request({ messages: [{ role: "user", content: side }] }), hints())).toBe(true);
  });

  test("is none where the class says a turn, and where the text stands elsewhere", () => {
    expect(isAside(asked, classes("main"))).toBe(false);
    expect(isAside(request({}), hints())).toBe(false);
    for (const messages of [
      user(`Why does it say "${side}"?`),
      [...user(side), { role: "assistant" as const, content: "x" }, ...user("go on")],
    ])
      expect(isAside(request({ messages }), hints())).toBe(false);
  });

  test("is the conversation where a target is chosen", () => {
    expect(findPurpose(asked, hints())).toBe("main");
  });
});

test("a sub-agent shows by its class, its id or the billing line", () => {
  expect(isFromAgent(request({}), hints())).toBe(false);
  expect(isFromAgent(request({}), classes("main"))).toBe(false);
  expect(isFromAgent(request({}), classes("subagent"))).toBe(true);
  expect(isFromAgent(request({}), classes("workflow"))).toBe(true);
  expect(isFromAgent(request({}), hints({ "x-claude-code-agent-id": "a1" }))).toBe(true);
  expect(isFromAgent({ system: `${billing} cc_is_subagent=true;` }, hints())).toBe(true);
});

test("the kind in the log is that of auto mode's check alone", () => {
  const check = { stream: false, tools: null, system: "You are a security monitor for agents." };
  expect(findRequestKind(check)).toBe("auto-mode-check");
  expect(findRequestKind({ ...check, stream: true })).toBeNull();
  expect(findRequestKind({ ...check, tools: [] })).toBeNull();
  expect(findRequestKind({ ...check, system: null })).toBeNull();
});
