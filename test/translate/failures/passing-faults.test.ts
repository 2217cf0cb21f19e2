import { describe, expect, test } from "bun:test";
import { mapUpstreamError } from "../../../src/translate/failures/map-upstream-error.ts";
import { UpstreamError } from "../../../src/upstream/upstream-error.ts";
import { errorContext } from "../../support/error-context.ts";

const host = "upstream.test";
const date = "Tue, 24 Nov 2026 00:00:00 GMT";
const openai = (message: string, more = {}) => ({ error: { message, ...more } });

function told(status: number, body: unknown, headers = {}) {
  const answer = { status, body, host, headers: { date, ...headers } };
  return mapUpstreamError(new UpstreamError("http", `${host} answered ${status}`, answer), errorContext);
}

describe("[5.5:passing] who failed, and at which model", () => {
  test.each<[family: string, status: number, body: unknown, message: string]>([
    [
      "openai",
      500,
      openai("The server had an error while processing your request."),
      "upstream.test failed with vendor/model: The server had an error while processing your request.",
    ],
    [
      "openrouter",
      502,
      openai("Provider returned error", {
        metadata: { provider_name: "Chutes", raw: "upstream connect error" },
      }),
      "upstream.test failed with vendor/model: Chutes: upstream connect error",
    ],
    [
      "openrouter, with a page of the provider",
      502,
      openai("Provider returned error", {
        metadata: { provider_name: "Chutes", raw: "<title>502 Bad Gateway</title>" },
      }),
      "upstream.test failed with vendor/model: Chutes: Bad Gateway",
    ],
    ["nginx", 502, "<title>502 Bad Gateway</title>", "upstream.test failed with vendor/model: Bad Gateway"],
    ["nginx", 504, "504 Gateway Time-out", "upstream.test took too long with vendor/model: Gateway Time-out"],
    ["a gateway", 503, "503", "upstream.test cannot serve vendor/model now: it answered 503"],
    ["a gateway", 502, "5020 lines lost", "upstream.test failed with vendor/model: 5020 lines lost"],
    ["nobody", 500, "", "upstream.test failed with vendor/model: it answered 500"],
    ["llamacpp", 503, openai("Loading model"), "upstream.test cannot serve vendor/model now: Loading model"],
    [
      "gemini",
      503,
      [openai("The model is overloaded. Please try again later.", { status: "UNAVAILABLE" })],
      "upstream.test cannot serve vendor/model now: The model is overloaded. Please try again later.",
    ],
    [
      "cloudflare",
      522,
      "<title>x | 522: Connection timed out</title>",
      "upstream.test cannot serve vendor/model now: x | 522: Connection timed out",
    ],
    [
      "an error inside a success",
      200,
      openai("went wrong", { code: 500 }),
      "upstream.test failed with vendor/model: went wrong",
    ],
    [
      "a text that names the model",
      500,
      openai("vendor/model has crashed"),
      "upstream.test failed: vendor/model has crashed",
    ],
    ["a limit", 429, openai("slow down"), "upstream.test limits requests for vendor/model: slow down"],
    ["want of credit", 402, openai("no funds"), "upstream.test refused this for lack of credit: no funds"],
    ["a conflict", 409, openai("Conflict"), "upstream.test refused this: Conflict"],
  ])("%s (%d)", (_family, status, body, message) => {
    expect(told(status, body).message).toBe(message);
  });

  test.each([
    ["The upstream's answer is not JSON: x", "upstream.test's answer is not JSON: x"],
    ["the upstream ended the stream early", "upstream.test ended the stream early"],
  ])("an answer that cannot be read names its upstream too: %s", (message, said) => {
    const error = new UpstreamError("malformed", message);
    expect(mapUpstreamError(error, errorContext).message).toBe(said);
  });
});

describe("[5.2:429] how long to wait is told in words", () => {
  test.each<[header: string, words: string]>([
    ["0.2", "1 second"],
    ["7", "7 seconds"],
    ["120", "120 seconds"],
    ["121", "3 minutes"],
    ["3600", "60 minutes"],
    ["7201", "3 hours"],
    ["86399", "24 hours"],
    ["86400", "a day or more"],
    ["9999999", "a day or more"],
  ])("retry-after: %s is %s", (wait, words) => {
    const { message } = told(429, openai("slow down."), { "retry-after": wait });
    expect(message).toBe(`upstream.test limits requests for vendor/model: slow down. Try again in ${words}`);
  });

  test.each<[vendor: string, status: number, body: unknown, headers: object, end: string]>([
    [
      "groq",
      429,
      openai("slow"),
      { "x-ratelimit-reset-requests": "2m59.56s" },
      "slow. Try again in 3 minutes",
    ],
    [
      "openrouter",
      429,
      openai("slow", { metadata: { headers: { "X-RateLimit-Reset": String(Date.parse(date) + 30_000) } } }),
      {},
      "slow. Try again in 30 seconds",
    ],
    ["openai, by its own words", 429, openai("Please try again in 7.2s."), {}, "Please try again in 7.2s."],
    [
      "azure, by its own words",
      429,
      openai("Please retry after 26 seconds."),
      { "retry-after": "26" },
      "Please retry after 26 seconds.",
    ],
    ["deepseek", 503, openai("too busy"), { "retry-after": "3" }, "too busy. Try again in 3 seconds"],
    ["openai", 503, openai("overloaded"), { "retry-after": "5" }, "overloaded. Try again in 5 seconds"],
    ["nobody says", 429, openai("slow down."), {}, "slow down."],
  ])("%s (%d)", (_vendor, status, body, headers, end) => {
    expect(told(status, body, headers).message).toEndWith(`: ${end}`);
  });

  test("a long text does not push it out", () => {
    const { message } = told(429, openai("x".repeat(5000)), { "retry-after": "7" });
    expect(message).toEndWith("…. Try again in 7 seconds");
  });
});
