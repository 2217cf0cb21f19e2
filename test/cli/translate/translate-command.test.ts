import { describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { runProgram } from "../../../src/cli/run-program.ts";
import type { Config } from "../../../src/config/config.ts";
import { chunksOf, completionOf } from "../../support/chunks.ts";
import { json, sse } from "../../support/reply.ts";
import { hello, startPair } from "../../support/start-pair.ts";
import { createCollectingTerminal } from "../collecting-terminal.ts";
import { runProgramIn } from "../run-program-in.ts";

const fixtures = join(import.meta.dir, "../../fixtures");

/** Runs the real program with the text at its standard input, in a home without settings and without a network. */
async function translate(input: string, ...args: string[]) {
  const home = mkdtempSync(join(tmpdir(), "translate-"));
  try {
    // A proxy at which nobody listens: whoever asks somebody fails.
    const env = { HTTPS_PROXY: "http://127.0.0.1:9" };
    const run = await runProgramIn(home, ["translate", ...args], env, { input });
    // Bun keeps what it has translated of the sources there.
    expect(readdirSync(home).filter((name) => name !== ".bun")).toEqual([]);
    return run;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** The ids that the proxy makes differ. */
const withoutIds = (text: string) => text.replaceAll(/\b(msg|toolu|req)_\w+/g, "$1_…");

const request = {
  ...hello,
  model: "claude-opus-5",
  top_k: 5,
  stream: true,
  system: [{ type: "text", text: "be brief", cache_control: { type: "ephemeral" } }],
  thinking: { type: "enabled", budget_tokens: 2000 },
  max_tokens: 5000,
  tools: [
    {
      name: "Bash",
      description: "d",
      input_schema: { type: "object", properties: { a: { type: "string" } } },
    },
  ],
};

const wires: [
  profile: Config["upstreamProfile"] & string,
  protocol: "chat" | "responses" | "anthropic",
  path: string,
][] = [
  ["generic", "chat", "/chat/completions"],
  ["glm", "chat", "/chat/completions"],
  ["openrouter", "chat", "/chat/completions"],
  ["deepseek", "anthropic", "/messages"],
  ["openai", "responses", "/responses"],
];

test.each(wires)("a request for %s on %s is what a proxy sends", async (profile, protocol, path) => {
  await using pair = await startPair({
    settings: {
      upstreamProfile: profile === "auto" ? "generic" : profile,
      upstreamProtocol: protocol,
      bigModelName: "vendor/model-1",
    },
  });
  pair.upstream.reply(json({ error: { message: "enough" } }));
  await pair.post(request);
  const [sent] = pair.upstream.requests;
  const flags = ["--profile", profile, "--protocol", protocol, "--model", "vendor/model-1"];
  const { exitCode, out, err } = await translate(JSON.stringify(request), ...flags);
  expect(exitCode).toBe(0);
  expect(JSON.parse(out)).toEqual(z.record(z.string(), z.unknown()).parse(sent?.body));
  expect(err).toStartWith(`${protocol} request, profile ${profile}, to POST ${path}\n`);
});

test("what is left out of a request is told beside it", async () => {
  const { err } = await translate(JSON.stringify(request), "--profile", "groq");
  expect(err).toMatch(/^Left out: .*\btop_k\b/m);
});

test("what is mended is told too; the model of the request is the usual one", async () => {
  const asked = {
    ...hello,
    messages: [
      { role: "user", content: "a" },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "t", signature: "foreign" },
          { type: "text", text: "b" },
        ],
      },
      { role: "user", content: "c" },
    ],
  };
  const { out, err } = await translate(JSON.stringify(asked), "--protocol", "anthropic");
  expect(JSON.parse(out).model).toBe(hello.model);
  expect(err).toBe(
    "anthropic request, profile generic, to POST /messages\nPassed on as it is, but for the name of the model and what stands below.\n",
  );
});

test.each([
  [
    "a stream",
    sse(
      chunksOf({
        reasoning: "hm",
        text: "Done.",
        toolCalls: [{ id: "call_1", name: "Bash", arguments: { a: "1" } }],
      }),
    ),
    true,
  ],
  ["a whole answer", json(completionOf({ text: "Done." })), false],
])("%s is what the client of a proxy gets", async (_, reply, stream) => {
  await using pair = await startPair({ settings: { bigModelName: "m" } });
  pair.upstream.reply(reply);
  const asked = { ...request, stream };
  const got = await (await pair.post(asked)).text();
  const body = [...reply.body]
    .map((step) => ("waitMs" in step ? "" : new TextDecoder().decode(step)))
    .join("");
  const folder = mkdtempSync(join(tmpdir(), "translate-request-"));
  writeFileSync(join(folder, "request.json"), JSON.stringify(asked));
  const { exitCode, out, err } = await translate(
    body,
    "--request",
    join(folder, "request.json"),
    "--model",
    "m",
  );
  rmSync(folder, { recursive: true });
  expect([exitCode, err]).toEqual([0, "chat answer of m, profile generic\n"]);
  const plain = (text: string) => withoutIds(text).replaceAll(/"input_tokens":\d+/g, '"input_tokens":0');
  expect(stream ? plain(out) : JSON.parse(withoutIds(out))).toEqual(
    stream ? plain(got) : JSON.parse(withoutIds(got)),
  );
});

const caseSchema = z.object({
  profile: z.string(),
  model: z.string(),
  request: z.unknown(),
  loneThinkTag: z.string().nullish(),
});

/** What an event says, without the numbers and the ids that the goldens have from elsewhere. */
function outline(text: string): string[] {
  return withoutIds(text)
    .split("\n\n")
    .filter((event) => event !== "")
    .map((event) => {
      const [name = "", data = ""] = event.split("\ndata: ");
      const value = z.record(z.string(), z.unknown()).parse(JSON.parse(data));
      if (name === "event: error")
        return `${name} ${z.object({ type: z.string() }).parse(value["error"]).type}`;
      return `${name} ${JSON.stringify(value).replace(/,?"usage":\{(?:[^{}]|\{[^{}]*\})*\}/, "")}`;
    });
}

// The request in the case of web-search asks for no search: its golden knows more than that.
describe.each(["streams", "responses"])("the recorded %s", (kind) => {
  const cases = readdirSync(join(fixtures, kind)).filter(
    (name) => !name.includes(".") && name !== "web-search",
  );
  test.each(cases)("%s become what the golden has", async (name) => {
    const folder = join(fixtures, kind, name);
    const given = caseSchema.parse(JSON.parse(readFileSync(join(folder, "case.json"), "utf8")));
    // What was learned from other answers is not known here.
    if (given.loneThinkTag) return;
    const home = mkdtempSync(join(tmpdir(), "translate-case-"));
    writeFileSync(join(home, "request.json"), JSON.stringify(given.request));
    const terminal = createCollectingTerminal();
    const { profile, model } = given;
    const flags = ["--profile", profile, "--model", model, "--request", join(home, "request.json")];
    const exitCode = await runProgram(["translate", join(folder, "upstream.sse"), ...flags], terminal);
    rmSync(home, { recursive: true });
    const expected = readFileSync(join(folder, "expected.sse"), "utf8");
    expect(outline(terminal.out())).toEqual(outline(expected));
    expect([exitCode, terminal.err().split("\n")[0]]).toEqual([
      expected.includes("event: error") ? 1 : 0,
      `${kind === "streams" ? "chat" : "responses"} answer of ${model}, profile ${profile}`,
    ]);
  });
});

test("the same answer gives the same bytes; lines without framing are a stream too; --as makes a message of it", async () => {
  const lines = chunksOf({ text: "Done." }).map((chunk) => JSON.stringify(chunk));
  const first = await translate(lines.join("\n"));
  const framed = await translate(lines.map((line) => `data: ${line}\n\n`).join(""));
  expect(first.exitCode).toBe(0);
  expect(framed).toEqual(first);
  expect(await translate(`${lines.join("\n")}\n[DONE]\n`)).toEqual(first);
  const message = JSON.parse((await translate(lines.join("\n"), "--as", "message")).out);
  expect([message.id, message.content]).toEqual([
    `msg_${"0".repeat(24)}`,
    [{ type: "text", text: "Done.", citations: null }],
  ]);
});

test("an answer that is a failure is one for the client, and the exit code is 1", async () => {
  const { exitCode, out, err } = await translate(
    '{"error":{"message":"slow down","code":429}}',
    "--profile",
    "glm",
    "--model",
    "m",
  );
  expect(exitCode).toBe(1);
  expect(JSON.parse(out)).toEqual({
    type: "error",
    error: { type: "rate_limit_error", message: expect.stringContaining("slow down") },
    request_id: `req_${"0".repeat(24)}`,
  });
  expect(err).toEndWith("The answer is a failure, and so is what the client gets.\n");
});

test("the wire and the model of a whole answer are told by its own words", async () => {
  const { exitCode, out, err } = await translate(
    JSON.stringify({
      object: "response",
      model: "gpt-9",
      status: "completed",
      output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text: "Hi" }] }],
      usage: { input_tokens: 3, output_tokens: 1 },
    }),
  );
  expect([exitCode, err]).toEqual([0, "responses answer of gpt-9, profile generic\n"]);
  expect(JSON.parse(out).content).toEqual([{ type: "text", text: "Hi", citations: null }]);
});

test("an answer without usage says that its numbers are not those of a proxy", async () => {
  const { err } = await translate(
    'data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}\n\n',
  );
  expect(err).toContain("It does not say how many tokens it took. A proxy counts them; here they are 0.\n");
});

test.each([
  ["nothing", "", [], 2, "This is neither a messages request nor an upstream's answer, whole or streamed.\n"],
  [
    "a page",
    "<html>",
    [],
    2,
    "This is neither a messages request nor an upstream's answer, whole or streamed.\n",
  ],
  [
    "a flag of answers",
    JSON.stringify(hello),
    ["--as", "events"],
    2,
    "--request and --as are for a recorded answer, and this is a messages request.\n",
  ],
  [
    "a request with a fault",
    '{"model":"m","max_tokens":1,"messages":[{"role":"x"}]}',
    [],
    2,
    "This is no valid messages request: messages.0.role",
  ],
  [
    "a request that is refused",
    JSON.stringify({
      ...hello,
      messages: [
        { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: "Bash", input: {} }] },
      ],
    }),
    [],
    1,
    "The proxy refuses it: messages: `tool_use` ids were found without",
  ],
])("%s is said", async (_, input, args, exitCode, words) => {
  const done = await translate(input, ...args);
  expect([done.exitCode, done.out]).toEqual([exitCode, ""]);
  expect(done.err).toStartWith(words);
});
