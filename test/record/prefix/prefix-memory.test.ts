import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { messagesRequestSchema } from "../../../src/anthropic/messages-request.ts";
import { selectProfile } from "../../../src/profiles/select-profile.ts";
import { PrefixMemory } from "../../../src/record/prefix/prefix-memory.ts";
import { translateRequest } from "../../support/translate-request.ts";

const tool = (name: string, description = `Does ${name}.`) => ({
  name,
  description,
  input_schema: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
});
const mark = { cache_control: { type: "ephemeral" } };
const user = (text: string, marked = false) => ({
  role: "user",
  content: marked ? [{ type: "text", text, ...mark }] : text,
});
const assistant = (text: string) => ({ role: "assistant", content: [{ type: "text", text }] });
const system = [
  { type: "text", text: "You are Claude Code." },
  { type: "text", text: 'Be brief: "é" is \\ one letter.', ...mark },
];

/** As Claude Code writes a request: what never changes stands behind the conversation. */
const asked = {
  model: "claude-opus-5-5",
  messages: [user("one"), assistant("1"), user("two", true)],
  system,
  tools: [tool("Bash"), tool("Read"), tool("Edit")],
  max_tokens: 32_000,
  stream: true,
};
const continued = {
  ...asked,
  messages: [user("one"), assistant("1"), user("two"), assistant("2"), user("three", true)],
};

type Asked = Omit<typeof asked, "system" | "messages"> & { system: object[]; messages: object[] };

const turnOf = (name: string) => ({ name, isTurn: true });

/** Where the second request breaks with the first one, of the same conversation. */
function placeOf(first: object, second: object): string | null | undefined {
  return compare(JSON.stringify(first), JSON.stringify(second))?.place;
}

function compare(first: string, second: string) {
  const memory = new PrefixMemory();
  memory.compare(turnOf("main"), first);
  return memory.compare(turnOf("main"), second);
}

/** The same request as chat request of OpenRouter, which keeps cache marks. */
function inChat(request: object): object {
  const parsed = messagesRequestSchema.parse(request);
  const model = "anthropic/claude-opus-5.5";
  const baseUrl = "https://openrouter.ai/api/v1";
  const profile = selectProfile({ setting: "auto", baseUrl, model, protocol: "chat" });
  return translateRequest(parsed, { model, profile, maxOutputTokens: 64_000 }).body;
}

describe("a conversation that goes on", () => {
  test("is no break, although its cache mark moves on", () => {
    expect(placeOf(asked, continued)).toBeNull();
  });

  test("is none in the words of a chat request either", () => {
    expect(JSON.stringify(inChat(asked))).toContain("cache_control");
    expect(placeOf(inChat(asked), inChat(continued))).toBeNull();
  });

  test("is none in the words of a responses request", async () => {
    const bodyOf = (turn: number) => {
      const path = `test/fixtures/responses-requests/tool-session-turn-${turn}/openai.json`;
      return JSON.parse(readFileSync(path, "utf8")).body;
    };
    expect(placeOf(bodyOf(1), bodyOf(2))).toBeNull();
    expect(placeOf(bodyOf(2), bodyOf(3))).toBeNull();
  });

  test("is none if the same is sent again", () => {
    const text = JSON.stringify(asked);
    const bytes = Buffer.byteLength(text);
    expect(compare(text, text)).toEqual({ sameBytes: bytes, previousBytes: bytes, place: null });
  });

  test("may change what only says how the answer is sampled and sent", () => {
    expect(
      placeOf(asked, { ...continued, max_tokens: 5, stream: false, metadata: { user_id: "x" } }),
    ).toBeNull();
  });

  test("tells how many bytes are the same, as UTF-8", () => {
    const [first, second] = ['{"model":"é1","messages":[]}', '{"model":"é2","messages":[]}'];
    const sameBytes = Buffer.byteLength('{"model":"é');
    const previousBytes = Buffer.byteLength(first);
    expect(compare(first, second)).toEqual({ sameBytes, previousBytes, place: "model" });
    expect(compare('{"model":"é1"', '{"model":"è1"')?.sameBytes).toBe('{"model":"'.length + 1);
  });
});

describe("what breaks the prefix is named", () => {
  const changes: [string, string, (request: Asked) => object][] = [
    ["another model", "model", (request) => ({ ...request, model: "claude-haiku-5-5" })],
    [
      "a changed system prompt",
      "system[0].text",
      (request) => ({ ...request, system: [{ type: "text", text: "You are another." }, system[1]] }),
    ],
    [
      "a tool in the middle",
      "tools[1].name",
      (request) => ({ ...request, tools: [tool("Bash"), tool("Grep"), tool("Read"), tool("Edit")] }),
    ],
    ["a tool at the end", "tools[3]", (request) => ({ ...request, tools: [...request.tools, tool("Grep")] })],
    ["a tool less", "tools[2]", (request) => ({ ...request, tools: request.tools.slice(0, 2) })],
    [
      "another description",
      "tools[2].description",
      (request) => ({ ...request, tools: [tool("Bash"), tool("Read"), tool("Edit", "Edits.")] }),
    ],
    ["no tools", "tools", ({ tools: _, ...request }) => request],
    ["a new part of the prompt", "thinking", (request) => ({ ...request, thinking: { type: "adaptive" } })],
    [
      "a removed old turn",
      "messages[0].content",
      ({ messages: [, , ...later], ...request }) => ({ ...request, messages: later }),
    ],
    [
      "a changed old turn",
      "messages[1].content[0].text",
      ({ messages: [first, , ...later], ...request }) => ({
        ...request,
        messages: [first, assistant("!"), ...later],
      }),
    ],
    [
      "a shortened conversation",
      "messages[1]",
      ({ messages: [first], ...request }) => ({ ...request, messages: [first ?? {}] }),
    ],
    [
      "a cache mark less in the system prompt",
      "system[1].cache_control",
      (request) => ({ ...request, system: [{ ...system[0] }, { type: "text", text: system[1]?.text }] }),
    ],
    [
      "another cache mark",
      "system[1].cache_control.ttl",
      (request) => ({
        ...request,
        system: [system[0] ?? {}, { ...system[1], cache_control: { type: "ephemeral", ttl: "1h" } }],
      }),
    ],
  ];
  test.each(changes)("%s: %s", (_, place, change) => {
    expect(placeOf(asked, change(continued))).toBe(place);
  });

  test("another cache mark in the conversation", () => {
    const content = [{ type: "text", text: "two", cache_control: { type: "ephemeral", ttl: "1h" } }];
    const messages = [
      ...asked.messages.slice(0, 2),
      { role: "user", content },
      ...continued.messages.slice(3),
    ];
    expect(placeOf(asked, { ...continued, messages })).toBe("messages[2].content[0].cache_control.ttl");
  });

  test("a name that is no word stands in quotes", () => {
    expect(placeOf({ "a b": 1, c: { "": 1 } }, { "a b": 1, c: { "": 2 } })).toBe('c[""]');
    expect(placeOf({ "a b": 1 }, { "a b": 2 })).toBe('["a b"]');
  });

  test("a number that only grew longer is another one", () => {
    expect(placeOf({ seeds: 1, x: [10] }, { seeds: 12, x: [10] })).toBe("seeds");
  });
});

describe("requests that were cut", () => {
  const whole = JSON.stringify(continued);

  test("are compared as far as they go", () => {
    for (let bytes = 2; bytes < whole.length; bytes += 1) {
      const cut = Buffer.from(whole).subarray(0, bytes);
      const memory = new PrefixMemory();
      memory.compare(turnOf("main"), cut);
      expect(memory.compare(turnOf("main"), whole)?.place).toBeNull();
      expect(memory.compare(turnOf("main"), cut)?.place).toBeNull();
    }
  });

  test("never make it throw, whatever they hold", () => {
    const bytes = fc.uint8Array({ maxLength: 60 });
    const jsonLike = fc
      .array(fc.constantFrom("{", "}", "[", "]", '"', "\\", ",", ":", "a", "1", "\\u12"))
      .map((parts) => Buffer.from(parts.join("")));
    fc.assert(
      fc.property(fc.oneof(bytes, jsonLike), fc.oneof(bytes, jsonLike), (first, second) => {
        const memory = new PrefixMemory();
        memory.compare(turnOf("main"), first);
        memory.compare(turnOf("main"), second);
      }),
    );
  });
});

test("a conversation that only grows is never broken, and one that changes always is", () => {
  const turns = fc.array(fc.record({ role: fc.constantFrom("user", "assistant"), content: fc.jsonValue() }), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(turns, turns, fc.jsonValue(), (old, added, tools) => {
      const request = { messages: old, tools };
      expect(placeOf(request, { messages: [...old, ...added], tools })).toBeNull();
      const [, ...rest] = old;
      expect(placeOf(request, { messages: [{ role: "none", content: 1 }, ...rest], tools })).toBe(
        "messages[0].role",
      );
    }),
  );
});

describe("what is remembered", () => {
  test("each conversation for itself", () => {
    const memory = new PrefixMemory();
    expect(memory.compare(turnOf("one"), "{}")).toBeNull();
    expect(memory.compare(turnOf("other"), "{}")).toBeNull();
    expect(memory.compare(turnOf("one"), "{}")).toEqual({ sameBytes: 2, previousBytes: 2, place: null });
  });

  test("64 conversations: the one that is longest without a request is forgotten", () => {
    const memory = new PrefixMemory();
    for (let number = 0; number < 64; number += 1) memory.compare(turnOf(`${number}`), "{}");
    expect(memory.compare(turnOf("0"), "{}")).not.toBeNull();
    expect(memory.compare(turnOf("64"), "{}")).toBeNull();
    expect(memory.compare(turnOf("0"), "{}")).not.toBeNull();
    expect(memory.compare(turnOf("1"), "{}")).toBeNull();
  });

  test("24 MB in all", () => {
    const memory = new PrefixMemory();
    const text = new Uint8Array(9 * 1024 * 1024);
    for (const name of ["a", "b", "c"]) expect(memory.compare(turnOf(name), text)).toBeNull();
    expect(memory.compare(turnOf("b"), text)).not.toBeNull();
    expect(memory.compare(turnOf("a"), text)).toBeNull();
    expect(memory.compare(turnOf("huge"), new Uint8Array(25 * 1024 * 1024))).toBeNull();
    expect(memory.compare(turnOf("huge"), "{}")).toBeNull();
  });
});
