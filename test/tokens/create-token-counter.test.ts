import { afterAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { ChatMessage, ChatRequest } from "../../src/protocols/chat/chat-request.ts";
import { createTokenCounter, type TokenCounterOptions } from "../../src/tokens/create-token-counter.ts";
import { createTokenizer } from "../../src/tokens/tokenizer.ts";
import { countChatRequest } from "../support/count-chat-request.ts";
import { pngUrl } from "./png-url.ts";

/** Loading the table takes a while: all tests share the thread. */
const tokenizer = createTokenizer();
afterAll(() => tokenizer.close());

function createCounter(options: Partial<TokenCounterOptions> = {}) {
  return createTokenCounter({
    calibrationFilePath: null,
    upstreamHost: "api.example.org",
    warn: (message) => {
      throw new Error(message);
    },
    tokenizer,
    ...options,
  });
}

const user = (content: string): ChatMessage => ({ role: "user", content });

describe("a request of every kind of part", () => {
  const request: ChatRequest = {
    model: "gpt-5.4",
    messages: [
      { role: "system", content: "You are a helpful assistant." },
      {
        role: "user",
        content: [
          { type: "text", text: "Hello!" },
          { type: "image_url", image_url: { url: pngUrl(1000, 750) } },
        ],
      },
      {
        role: "assistant",
        content: null,
        reasoning_content: "hello world",
        tool_calls: [
          { id: "call_1", type: "function", function: { name: "Read", arguments: '{"path":"a"}' } },
        ],
      },
      { role: "tool", tool_call_id: "call_1", content: "hello world" },
    ],
    tools: [{ type: "function", function: { name: "Read", parameters: { type: "object" } } }],
    tool_choice: "required",
    response_format: { type: "json_schema", json_schema: { name: "output", schema: { type: "object" } } },
  };
  const system = 4 + 6;
  const userMessage = 4 + 2 + 1000;
  const assistant = 4 + 2 + 8 + 1 + 5;
  const toolMessage = 4 + 6 + 2;
  const tools = 12 + 8 + 11;
  const rest = 10 + (20 + 5) + 3;
  const rawTokens = system + userMessage + assistant + toolMessage + tools + rest;

  test.each([
    ["gpt-5.4", 1],
    ["anthropic/claude-opus-4.8", 1.45],
    ["google/gemini-3-pro", 1.05],
    ["deepseek-chat", 1.1],
  ])("[7:factor] for %s is the sum of rule 7 times %d", async (model, factor) => {
    expect(await countChatRequest(createCounter(), { ...request, model })).toEqual({
      tokens: Math.ceil(rawTokens * factor),
      rawTokens,
      isGuess: false,
    });
  });

  test("[7:overheads] and one message more counts that message more", async () => {
    const counter = createCounter();
    const before = await countChatRequest(counter, request);
    const message = user("灯塔看守人的女儿 hadn't slept");
    const alone = await countChatRequest(counter, { model: request.model, messages: [message] });
    const after = await countChatRequest(counter, { ...request, messages: [...request.messages, message] });
    expect(after.rawTokens).toBe(before.rawTokens + alone.rawTokens - 3);
  });
});

describe("charges of real servers", () => {
  const folder = join(import.meta.dir, "../fixtures/tokens/charges");
  const chargeSchema = z.object({
    source: z.string(),
    promptTokens: z.number(),
    counted: z.number(),
    request: z.custom<ChatRequest>((value) => z.object({ model: z.string() }).safeParse(value).success),
  });

  test.each(readdirSync(folder))("[7] %s", async (name) => {
    const charge = chargeSchema.parse(JSON.parse(readFileSync(join(folder, name), "utf8")));
    const counter = createCounter();
    const estimate = await countChatRequest(counter, charge.request);
    expect(estimate.tokens).toBe(charge.counted);

    // Once charged, the same request is counted as it was charged, where the limits of the factor allow it.
    counter.learn(charge.request.model, estimate, charge.promptTokens);
    const again = await countChatRequest(counter, charge.request);
    const least = Math.ceil(estimate.rawTokens * 0.7);
    const most = estimate.rawTokens * 2;
    expect(again.tokens).toBe(Math.min(most, Math.max(least, charge.promptTokens)));
  });
});

describe("learning", () => {
  test("[7:calibration] tells the error of the estimate in percent of the charge", async () => {
    const counter = createCounter();
    const estimate = { tokens: 110, rawTokens: 100, isGuess: false };
    expect(counter.learn("m", estimate, 100)).toBe(10);
    expect(counter.learn("m", estimate, 220)).toBe(-50);
    expect(counter.learn("m", estimate, 110)).toBe(0);
  });

  test.each([0, -5, Number.NaN, Number.POSITIVE_INFINITY])(
    "[7:calibration] takes %d for no charge at all",
    async (charge) => {
      const counter = createCounter();
      const estimate = await countChatRequest(counter, { model: "m", messages: [user("hello world")] });
      expect(counter.learn("m", estimate, charge)).toBeNull();
      expect(await countChatRequest(counter, { model: "m", messages: [user("hello world")] })).toEqual(
        estimate,
      );
    },
  );

  test("[7:calibration] goes by the raw estimate, so that answers may come in any order", async () => {
    const counter = createCounter();
    const request: ChatRequest = { model: "m", messages: [user("hello world ".repeat(500))] };
    const [first, second] = await Promise.all([
      countChatRequest(counter, request),
      countChatRequest(counter, request),
    ]);
    counter.learn("m", first, first.rawTokens * 1.3);
    counter.learn("m", second, second.rawTokens * 1.3);
    const { tokens } = await countChatRequest(counter, request);
    expect(tokens).toBe(Math.ceil(Math.round(first.rawTokens * 1.3 * 1e6) / 1e6));
  });

  test("[7:calibration] learns nothing from a guess", async () => {
    const warnings: string[] = [];
    const broken = {
      isAwake: true,
      count: () => Promise.reject(new Error("no thread")),
      close: () => undefined,
    };
    const counter = createCounter({ tokenizer: broken, warn: (message) => warnings.push(message) });
    const request: ChatRequest = { model: "m", messages: [user("x".repeat(350))] };
    const estimate = await countChatRequest(counter, request);
    expect(estimate).toEqual({ tokens: 118, rawTokens: 107, isGuess: true });
    expect(counter.learn("m", estimate, 59)).toBe(100);
    expect(await countChatRequest(counter, request)).toEqual(estimate);
    expect(warnings[0]).toBe("Token counts are guessed from bytes: the tokenizer failed.");
  });

  test.each([0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5])(
    "[7:calibration] an upstream that counts %d times as many is met within 3 percent from the second answer on",
    async (ratio) => {
      const counter = createCounter();
      const errors: number[] = [];
      for (let turn = 1; turn <= 20; turn++) {
        const messages = Array.from({ length: turn }, (_, index) =>
          user(`turn ${index}: ${"some words ".repeat(50)}`),
        );
        const estimate = await countChatRequest(counter, { model: "m", messages });
        const wobble = 1 + 0.02 * Math.sin(turn);
        errors.push(
          counter.learn("m", estimate, Math.round(estimate.rawTokens * ratio * wobble)) ?? Number.NaN,
        );
      }
      const first = ((1.1 - ratio) / ratio) * 100;
      expect(Math.abs((errors[0] ?? Number.NaN) - first)).toBeLessThan(3);
      expect(Math.max(...errors.slice(1).map(Math.abs))).toBeLessThan(4);
      expect(Math.max(...errors.slice(10).map(Math.abs))).toBeLessThan(3);
    },
  );
});

test("[3.4:estimated] a text alone is its tokens times the model's factor, without what a message costs", async () => {
  const counter = createCounter();
  expect(await counter.countText("gpt-5.4", "hello world")).toBe(2);
  expect(await counter.countText("deepseek-chat", "hello world ".repeat(50))).toBe(Math.ceil(101 * 1.1));
  expect(await counter.countText("deepseek-chat", "")).toBe(0);
});

test("[7] a closed counter guesses, and does not tell of counts that were under way as of failures", async () => {
  const own = createTokenizer();
  const warnings: string[] = [];
  const counter = createCounter({ tokenizer: own, warn: (message) => warnings.push(message) });
  const underWay = counter.countText("gpt-5.4", "hello world");
  await counter.close();
  expect(await underWay).toBeGreaterThan(0);
  expect(warnings).toEqual([]);
  expect(await countChatRequest(counter, { model: "gpt-5.4", messages: [user("x".repeat(35))] })).toEqual({
    tokens: 17,
    rawTokens: 17,
    isGuess: true,
  });
});
