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
async function count(content: string | object, ...flags: string[]): Promise<string> {
  const file = join(folder, "input");
  await Bun.write(file, typeof content === "string" ? content : JSON.stringify(content));
  const terminal = createCollectingTerminal();
  const program = new Command().exitOverride();
  addCountCommand(program, terminal);
  await program.parseAsync(["count", file, ...flags], { from: "user" });
  expect(terminal.err()).toBe("");
  return terminal.out();
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
    expect(await count("hello world <|endoftext|>")).toBe("9 tokens (o200k_base)\n");
  });

  test("may be JSON", async () => {
    expect(await count('{"a": 1}')).toBe("6 tokens (o200k_base)\n");
    expect(await count('{"messages": 1}')).toBe("6 tokens (o200k_base)\n");
    expect(await count("")).toBe("0 tokens (o200k_base)\n");
  });

  test("is multiplied for a model", async () => {
    expect(await count("hello world ".repeat(500), "--model", "deepseek-chat")).toBe(
      "1,102 tokens for deepseek-chat (1,001 of o200k_base x 1.1)\n",
    );
  });
});

describe("[7:overheads] a chat request", () => {
  test("is counted as it is", async () => {
    expect(await count(chatRequest)).toBe("19 tokens for gpt-5.4 (o200k_base)\n");
  });

  test("may be counted for another model", async () => {
    expect(await count(chatRequest, "--model", "anthropic/claude-opus-4.8")).toBe(
      "28 tokens for anthropic/claude-opus-4.8 (19 of o200k_base x 1.45)\n",
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
    expect(await count(odd)).toBe("9 tokens (o200k_base)\n");
  });
});

describe("[7:sent] a messages request", () => {
  test("is counted as it would be sent, part by part", async () => {
    expect(await count(messagesRequest, "--by")).toBe(
      [
        "         12   14.1 %  tools",
        "         24   28.2 %  tool Read",
        "         10   11.8 %  message 1 (system)",
        "          6    7.1 %  message 2 (user)",
        "         18   21.2 %  message 3 (assistant)",
        "         12   14.1 %  message 4 (tool)",
        "          3    3.5 %  start of the reply",
        "",
        "98 tokens for claude-opus-4-6 (85 of o200k_base x 1.15)",
        "",
      ].join("\n"),
    );
  });

  test("needs a model, and --model is one", async () => {
    const { model: _, ...request } = messagesRequest;
    expect(await failure(count(request))).toEqual([
      2,
      "This messages request names no model. Say for which to count: --model ID",
    ]);
    expect(JSON.parse(await count(request, "--json", "--model", "gpt-5.4")).model).toBe("gpt-5.4");
  });

  test.each([
    ["an unknown role", { messages: [{ role: "wizard", content: "x" }] }, "messages.0.role"],
    ["messages of nothing", { messages: [] }, "messages"],
    ["MCP servers", { mcp_servers: [{ url: "https://example.org" }] }, "mcp_servers"],
  ])("with %s is refused by the field's name", async (_, change, field) => {
    const result = await failure(count({ ...messagesRequest, ...change }));
    expect(result).toEqual([1, expect.stringContaining(field)]);
  });
});

test("[7] names are printed without control characters", async () => {
  const request = { ...chatRequest, tools: [{ type: "function", function: { name: "\u001b[31mRead" } }] };
  expect(await count(request, "--by")).toContain("tool ?[31mRead\n");
});

test("[7] a file that is not there is one line", async () => {
  const program = new Command().exitOverride();
  addCountCommand(program, createCollectingTerminal());
  const missing = join(folder, "missing");
  expect(await failure(program.parseAsync(["count", missing], { from: "user" }))).toEqual([
    1,
    `Cannot read ${missing}: ENOENT: no such file or directory, open '${missing}'`,
  ]);
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
      "2 tokens (o200k_base)\n",
      "",
      0,
    ]);
  },
);
