import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { CommandError } from "../../src/cli/command-error.ts";
import { addCountCommand } from "../../src/cli/commands/count.ts";
import { createCollectingTerminal } from "./collecting-terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "count-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs `count` on a file with that content. */
async function run(content: string | Uint8Array, ...flags: string[]) {
  const file = join(folder, "input");
  await Bun.write(file, content);
  const terminal = createCollectingTerminal();
  const program = new Command().exitOverride();
  addCountCommand(program, terminal);
  await program.parseAsync(["count", file, ...flags], { from: "user" });
  return { out: terminal.out(), err: terminal.err() };
}

/** What it prints, with nothing to remark. */
async function count(content: string | object, ...flags: string[]): Promise<string> {
  const { out, err } = await run(typeof content === "string" ? content : JSON.stringify(content), ...flags);
  expect(err).toBe("");
  return out;
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof CommandError ? [error.exitCode, error.message] : error),
  );

const messagesRequest = {
  model: "claude-opus-4-6",
  max_tokens: 100,
  system: "You are a helpful assistant.",
  tools: [
    { name: "Read", input_schema: { type: "object", properties: {} } },
    {
      name: "DeferredToolPlaceholder",
      defer_loading: true,
      input_schema: { type: "object", properties: {} },
    },
  ],
  messages: [
    { role: "user", content: [{ type: "text", text: "Hello!" }] },
    { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: "Read", input: { path: "a" } }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "hello world" }] },
  ],
};

const chatRequest = {
  model: "gpt-5.4",
  messages: [
    { role: "system", content: "You are a helpful assistant." },
    { role: "user", content: [{ type: "text", text: "Hello!" }] },
  ],
};

describe("[7:text] a text", () => {
  test("is its tokens", async () => {
    expect(await count("hello world <|endoftext|>")).toBe("9 tokens in a text (o200k_base)\n");
  });

  test("may be JSON", async () => {
    expect(await count('{"a": 1}')).toBe("6 tokens in a text (o200k_base)\n");
    expect(await count('{"messages": 1}')).toBe("6 tokens in a text (o200k_base)\n");
    expect(await count("")).toBe("0 tokens in a text (o200k_base)\n");
  });

  test("is multiplied for a model", async () => {
    expect(await count("hello world ".repeat(500), "--model", "deepseek-chat")).toBe(
      "1,102 tokens in a text for deepseek-chat (1,001 of o200k_base x 1.1)\n",
    );
  });
});

describe("[7:text] a text that was meant to be JSON", () => {
  test.each([
    ["that is cut off", '{"messages": [{"role": "user", "con', "ends too early"],
    ["with a comma too much", ' \n{"messages": [],}', "is not valid"],
    ["in lines", '{"a":1}\n{"a":2}\n', "is not valid"],
    ["in brackets", "[1, 2", "ends too early"],
  ])("%s is counted as a text, and that is said beside the count", async (_, text, what) => {
    const { out, err } = await run(text, "--json");
    expect(JSON.parse(out)).toMatchObject({ kind: "text", model: null });
    expect(err).toBe(`The input begins like JSON but ${what}. It was counted as text.\n`);
  });
});

describe("[7:text] the bytes of a text", () => {
  const text = JSON.stringify({ ...chatRequest, messages: [{ role: "user", content: "héllo 🦆" }] });
  const bigEndian = Buffer.from(`\uFEFF${text}`, "utf16le").swap16();
  test.each([
    ["UTF-8 with a byte order mark", Buffer.from(`\uFEFF${text}`)],
    ["UTF-16, little end first", Buffer.from(`\uFEFF${text}`, "utf16le")],
    ["UTF-16, big end first", bigEndian],
  ])("may be %s", async (_, bytes) => {
    expect(await run(bytes)).toEqual({ out: await count(text), err: "" });
  });
});

describe("[7] what is nested deeper than 500 is refused in one line", () => {
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
  const shallow = JSON.stringify({ ...messagesRequest, messages: [{ role: "user", content: "hi" }] });
  const refusal = "This request is nested deeper than 500 levels, which the proxy does not accept.";
  test.each([
    ["a tool's schema", (json: string) => shallow.replace('{"type":"object","properties":{}}', json)],
    ["the input of a call", (json: string) => JSON.stringify(messagesRequest).replace('{"path":"a"}', json)],
    [
      "the parameters of a function",
      (json: string) =>
        `{"messages":[],"tools":[{"type":"function","function":{"name":"f","parameters":${json}}}]}`,
    ],
  ])("%s", async (_, insert) => {
    expect(await failure(count(insert(nested(100_000))))).toEqual([2, refusal]);
    expect(await failure(count(insert(nested(500))))).toEqual([2, refusal]);
    expect(await count(insert(nested(400)))).toContain("tokens in a");
  });

  test("but not in a text", async () => {
    expect(await count("[".repeat(1000) + "]".repeat(1000))).toContain("tokens in a text");
  });
});

describe("[7:overheads] a chat request", () => {
  test("is counted as it is", async () => {
    expect(await count(chatRequest)).toBe("19 tokens in a chat request for gpt-5.4 (o200k_base)\n");
  });

  test("may be counted for another model", async () => {
    expect(await count(chatRequest, "--model", "anthropic/claude-opus-4.8")).toBe(
      "28 tokens in a chat request for anthropic/claude-opus-4.8 (19 of o200k_base x 1.45)\n",
    );
  });

  test("--json is the total, with --by also the parts", async () => {
    const total = { kind: "chat request", model: "gpt-5.4", tokens: 19, rawTokens: 19, factor: 1 };
    expect(JSON.parse(await count(chatRequest, "--json"))).toEqual(total);
    expect(JSON.parse(await count(chatRequest, "--json", "--by"))).toEqual({
      ...total,
      parts: [
        { section: "system", label: "message 1 (system)", rawTokens: 10 },
        { section: "message", label: "message 2 (user)", rawTokens: 6 },
        { section: "overhead", label: "start of the reply", rawTokens: 3 },
      ],
    });
  });

  test("that is odd is counted as far as it is understood", async () => {
    const odd = { messages: [{ role: "user", content: "Hello!" }, null, 3], tools: "none", unknown: [] };
    expect(await count(odd)).toBe("9 tokens in a chat request (o200k_base)\n");
  });
});

test("[7:overheads] a responses request is counted as it is", async () => {
  const request = {
    model: "gpt-5.4",
    instructions: "You are a helpful assistant.",
    input: [{ type: "message", role: "user", content: [{ type: "input_text", text: "Hello!" }] }],
  };
  expect(await count(request)).toBe("19 tokens in a responses request for gpt-5.4 (o200k_base)\n");
});

describe("[7:sent] a messages request", () => {
  test("is counted as it would be sent, part by part", async () => {
    expect(await count(messagesRequest, "--by")).toBe(
      [
        "Parts in o200k_base tokens, before the model's factor; the total includes it.",
        "",
        "         12   14.1 %  tools",
        "         24   28.2 %  tool Read",
        "         10   11.8 %  message 1 (system)",
        "          6    7.1 %  message 2 (user)",
        "         18   21.2 %  message 3 (assistant)",
        "         12   14.1 %  message 4 (tool)",
        "          3    3.5 %  start of the reply",
        "",
        "98 tokens in a messages request for claude-opus-4-6 (85 of o200k_base x 1.15)",
        "",
      ].join("\n"),
    );
  });

  test("needs a model, and --model is one", async () => {
    const { model: _, ...request } = messagesRequest;
    expect(await failure(count(request))).toEqual([
      2,
      "This messages request names no model. Name one: --model ID",
    ]);
    expect(JSON.parse(await count(request, "--json", "--model", "gpt-5.4")).model).toBe("gpt-5.4");
  });

  test.each([
    ["an unknown role", { messages: [{ role: "wizard", content: "x" }] }, 2, "messages.0.role"],
    ["messages of nothing", { messages: [] }, 2, "messages"],
    ["MCP servers", { mcp_servers: [{ url: "https://example.org" }] }, 1, "mcp_servers"],
  ])("with %s is refused by the field's name", async (_, change, exitCode, field) => {
    const result = await failure(count({ ...messagesRequest, ...change }));
    expect(result).toEqual([exitCode, expect.stringContaining(field)]);
  });
});

test("[7] names are printed without control characters", async () => {
  const request = { ...chatRequest, tools: [{ type: "function", function: { name: "\u001b[31mRead" } }] };
  expect(await count(request, "--by")).toContain("tool ?[31mRead\n");
});

test.each([
  ["a file that is not there", "missing", "there is no such file."],
  ["a folder", ".", "it is a folder. Name a file in it."],
  [
    "what the system alone knows",
    "x".repeat(300),
    expect.stringMatching(/^ENAMETOOLONG: name too long, open '/),
  ],
])("[7] %s is one line", async (_, name, reason) => {
  const program = new Command().exitOverride();
  addCountCommand(program, createCollectingTerminal());
  const path = join(folder, name);
  const told = await failure(program.parseAsync(["count", path], { from: "user" }));
  const begin = `Cannot read ${path}: `;
  expect(told).toEqual([2, expect.stringContaining(begin)]);
  expect(Array.isArray(told) ? String(told[1]).slice(begin.length) : told).toEqual(reason);
});

test.each([[["count"]], [["count", "-"]]])(
  "[7] %j reads standard input, without any setting",
  async (args) => {
    const child = Bun.spawn(
      [process.execPath, "--no-env-file", join(import.meta.dir, "../../src/main.ts"), ...args],
      {
        stdin: new Blob(["hello world"]),
        stdout: "pipe",
        stderr: "pipe",
        cwd: folder,
        env: { HOME: folder },
      },
    );
    expect([await child.stdout.text(), await child.stderr.text(), await child.exited]).toEqual([
      "2 tokens in a text (o200k_base)\n",
      "",
      0,
    ]);
  },
);
