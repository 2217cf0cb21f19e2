import { afterEach, expect, test } from "bun:test";
import { createAgentScript } from "../agent-script.ts";
import type { Json } from "../strict/json.ts";
import { asked, blob, call, output, request, said, user, withTools } from "./strict/refusal-case.ts";
import {
  asResponsesModel,
  buildResponsesRefusal,
  type StrictResponses,
  type StrictResponsesOptions,
  startStrictResponses,
} from "./strict-responses.ts";

let upstream: StrictResponses | undefined;

afterEach(async () => {
  await upstream?.stop();
  upstream = undefined;
});

type Changes = Partial<StrictResponsesOptions>;

async function start(changes: Changes = {}): Promise<StrictResponses> {
  upstream = await startStrictResponses({
    family: "openai",
    model: () => ({
      output: [
        { kind: "reasoning", summary: ["S"] },
        { kind: "message", text: "hello" },
      ],
    }),
    ...changes,
  });
  return upstream;
}

async function send(
  to: StrictResponses,
  body: object,
  headers: Record<string, string> = { authorization: "Bearer sk-upstream-key" },
): Promise<{ code: number; text: string }> {
  const response = await fetch(`${to.baseUrl}/responses`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  return { code: response.status, text: await response.text() };
}

const streamed = { stream: true, stream_options: { include_obfuscation: false } };

test("answers a legal request whole and streamed", async () => {
  const to = await start();
  const whole = await send(to, asked());
  expect([whole.code, JSON.parse(whole.text)]).toMatchObject([
    200,
    {
      object: "response",
      status: "completed",
      output: [
        { type: "reasoning", encrypted_content: expect.stringMatching(/^gAAAAA/) },
        { type: "message", content: [{ type: "output_text", text: "hello" }] },
      ],
    },
  ]);
  const stream = await send(to, asked(streamed));
  expect(stream.text).toStartWith('event: response.created\ndata: {"type":"response.created"');
  expect(stream.text).not.toContain("[DONE]");
  expect(to.violations).toEqual([]);
});

test("refuses what a real server refuses, and notes all of it", async () => {
  const to = await start();
  const { code, text } = await send(to, asked({ max_output_tokens: 1, seed: 1 }));
  const message = "Unknown parameter: 'seed'.";
  expect([code, JSON.parse(text)]).toEqual([
    400,
    { error: { message, type: "invalid_request_error", param: "seed", code: "unknown_parameter" } },
  ]);
  expect(to.violations).toEqual([
    `seed: ${message}`,
    "max_output_tokens: Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 1 instead.",
  ]);
});

test("has one address", async () => {
  const to = await start();
  const response = await fetch(`${to.baseUrl}/chat/completions`, { method: "POST", body: "{}" });
  expect([response.status, to.violations]).toEqual([404, ["POST /v1/chat/completions"]]);
});

const bearer = { authorization: "Bearer sk-upstream-key" };
const apiKey = { "api-key": "sk-upstream-key" };
test.each([
  ["/v1", bearer, 200],
  ["/v1", apiKey, 401],
  ["/v1", { ...bearer, ...apiKey }, 401],
  ["/v1", { authorization: "Bearer other" }, 401],
  ["/me.openai.azure.com/openai/v1", bearer, 200],
  ["/me.openai.azure.com/openai/v1", apiKey, 401],
  ["/me.openai.azure.com/openai", apiKey, 200],
  ["/me.openai.azure.com/openai", bearer, 401],
] as const)("at %s takes the key in its own header: %j", async (basePath, headers, code) => {
  const to = await start({ family: "azure", basePath });
  expect((await send(to, asked(), { ...headers })).code).toBe(code);
  expect(to.violations.length).toBe(code === 200 ? 0 : 1);
});

/** The blob of the first item of a whole response. */
function blobOf(text: string): string {
  const body: { output: { encrypted_content?: string }[] } = JSON.parse(text);
  return body.output[0]?.encrypted_content ?? "";
}

test("reads its own reasoning again, and no other", async () => {
  const to = await start();
  const own = blobOf((await send(to, asked())).text);
  const again = (encrypted: string) => asked({ input: [user(), blob(encrypted), said("hello"), user()] });
  expect((await send(to, again(own))).code).toBe(200);
  expect(to.violations).toEqual([]);
  const { code, text } = await send(to, again("gAAAAforeign"));
  expect([code, JSON.parse(text)]).toMatchObject([
    400,
    { error: { code: "invalid_encrypted_content", param: null } },
  ]);
  expect(to.violations.length).toBe(2);
  await send(to, asked({ input: [user(), said("hello"), user()] }));
  expect(to.violations.at(-1)).toStartWith("input[1]: The turn at input[1] was reasoning");
});

test("forgets its blobs, which is nobody's fault", async () => {
  const to = await start();
  const own = blobOf((await send(to, asked())).text);
  to.forgetBlobs();
  const { code, text } = await send(to, asked({ input: [user(), blob(own), said("hello"), user()] }));
  expect([code, to.violations]).toEqual([400, []]);
  expect(text).toContain("could not be verified");
  expect(to.lessons.length).toBe(1);
});

test("Azure encrypts for those who ask", async () => {
  const to = await start({ family: "azure" });
  expect(blobOf((await send(to, asked())).text)).toBe("");
  expect(blobOf((await send(to, asked({ include: ["reasoning.encrypted_content"] }))).text)).not.toBe("");
});

test.each([
  [{ isUnverified: true }, { model: "gpt-5.6", reasoning: { summary: "auto" } }, "unsupported_value"],
  [{ refusesInclude: true }, { include: ["reasoning.encrypted_content"] }, null],
  [{ refuses: ["prompt_cache_key"] }, { prompt_cache_key: "k" }, "unsupported_parameter"],
] as const)("can be learned about: %j", async (quirks, more, code) => {
  const to = await start({ quirks });
  const { text } = await send(to, asked(more));
  expect(JSON.parse(text)).toMatchObject({ error: { code } });
  expect([to.violations.length, to.lessons.length]).toEqual([0, 1]);
  expect((await send(to, asked())).code).toBe(200);
});

test("refuses in the family's form", () => {
  const why = { message: "no", param: "p", code: "c" };
  expect(buildResponsesRefusal("openrouter", why)).toEqual({ error: { code: 400, message: "no" } });
  expect(buildResponsesRefusal("xai", why)).toEqual({
    code: "Client specified an invalid argument",
    error: "no",
  });
  expect(buildResponsesRefusal("vllm", why)).toEqual({
    error: { message: "no", type: "BadRequestError", param: "p", code: 400 },
  });
});

test("leads an agent through its steps", async () => {
  const bash = { name: "Read", arguments: {} };
  const { model, surprises } = createAgentScript({
    steps: [
      { text: "Look", calls: [bash] },
      { text: "Done", heard: ["a.txt"] },
    ],
    ids: "unique",
    sideAnswer: { text: "title" },
  });
  const to = await start({ family: "generic", model: asResponsesModel(model) });
  const outputOf = async (body: Json) => JSON.parse((await send(to, body)).text)["output"];
  expect(await outputOf(asked())).toMatchObject([{ content: [{ text: "title" }] }]);
  expect(await outputOf(withTools())).toMatchObject([
    { type: "message", phase: "commentary", content: [{ text: "Look" }] },
    { type: "function_call", call_id: "call_0_0", name: "Read", arguments: "{}" },
  ]);
  const { input } = request(user(), said("Look"), call("call_0_0"), output("call_0_0", "a.txt b.txt"));
  expect(await outputOf(withTools({ input }))).toMatchObject([{ content: [{ text: "Done" }] }]);
  expect([to.violations, surprises]).toEqual([[], []]);
});
