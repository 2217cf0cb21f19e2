import { describe, expect, test } from "bun:test";
import type { ApiErrorType } from "../../../src/anthropic/api-error.ts";
import { mapUpstreamError } from "../../../src/translate/failures/map-upstream-error.ts";
import {
  type SetUpFault,
  UpstreamError,
  type UpstreamErrorKind,
} from "../../../src/upstream/upstream-error.ts";
import { errorContext } from "../../support/error-context.ts";

const host = "upstream.test";

function toldOf(status: number, body: unknown, context: Partial<typeof errorContext> = {}) {
  const error = new UpstreamError("http", `${host} answered ${status}`, { status, body, host });
  const { status: told, type, message, headers } = mapUpstreamError(error, { ...errorContext, ...context });
  return { told, type, message, headers };
}

const openai = (message: string, more = {}) => ({ error: { message, ...more } });

describe("[5.5:model] a model that the upstream does not have", () => {
  test.each<[family: string, status: number, body: unknown]>([
    [
      "openai",
      404,
      openai("The model `gpt-9` does not exist or you do not have access to it.", {
        code: "model_not_found",
      }),
    ],
    ["openrouter", 400, openai("z-ai/glm-9 is not a valid model ID", { code: 400 })],
    ["openrouter", 404, openai("No endpoints found for z-ai/glm-9.", { code: 404 })],
    ["deepseek", 400, openai("Model Not Exist", { type: "invalid_request_error" })],
    [
      "kimi",
      404,
      openai("Not found the model kimi-k9 or Permission denied", { type: "resource_not_found_error" }),
    ],
    ["glm", 400, openai("Unknown Model, please check the model code.", { code: "1211" })],
    [
      "qwen",
      404,
      openai("The model `qwen9` does not exist or you do not have access to it.", {
        code: "model_not_found",
      }),
    ],
    ["minimax", 400, openai("invalid params, unknown model 'MiniMax-M9' (2013)", { http_code: "400" })],
    [
      "gemini",
      404,
      [openai("models/gemini-9 is not found for API version v1main, or is not supported", { code: 404 })],
    ],
    [
      "mistral",
      400,
      { object: "error", message: "Invalid model: mistral-9", type: "invalid_model", code: "1500" },
    ],
    [
      "groq",
      404,
      openai("The model `llama-9` does not exist or you do not have access to it.", {
        code: "model_not_found",
      }),
    ],
    ["xai", 400, { code: "Client specified an invalid argument", error: "Model not found: grok-9" }],
    ["ollama", 404, openai("model 'glm-9' not found", { type: "not_found_error" })],
    ["ollama", 404, openai('model "glm-9" not found, try pulling it first', { type: "api_error" })],
    [
      "lmstudio",
      400,
      openai("No models loaded. Please load a model in the developer page or use the `lms load` command."),
    ],
    ["lmstudio", 404, openai('Invalid model identifier "glm-9". Please specify a valid downloaded model')],
    [
      "vllm",
      404,
      { object: "error", message: "The model `glm-9` does not exist.", type: "NotFoundError", code: 404 },
    ],
    [
      "azure",
      404,
      openai("The API deployment for this resource does not exist.", { code: "DeploymentNotFound" }),
    ],
    ["copilot", 400, openai("The requested model is not supported.", { code: "model_not_supported" })],
    [
      "litellm",
      400,
      openai(
        "/chat/completions: Invalid model name passed in model=glm-9. Call `/v1/models` to view available models",
      ),
    ],
    ["bedrock", 400, openai("The provided model identifier is invalid.")],
    [
      "together",
      404,
      openai("Unable to access model glm-9. Please visit https://api.together.ai/models", {
        code: "model_not_available",
      }),
    ],
    ["fireworks", 404, openai("Model not found, inaccessible, and/or not deployed", { code: "NOT_FOUND" })],
    ["a gateway that tells no more", 400, openai("Not here", { code: "model_not_found" })],
    ["an error inside a success", 200, openai("Model Not Exist", { code: 404 })],
  ])("at %s (%d)", (_family, status, body) => {
    const { told, type, message, headers } = toldOf(status, body);
    expect([told, type, headers]).toEqual([424, "not_found_error", { "x-should-retry": "false" }]);
    expect(message).toStartWith("upstream.test does not have the model vendor/model: ");
    expect(message).toEndWith(". Set BIG_MODEL_NAME to one that it has");
  });

  test.each<[string, Partial<typeof errorContext>, string]>([
    [
      "the setting of its tier",
      { modelSetting: "SMALL_MODEL_NAME" },
      "Set SMALL_MODEL_NAME to one that it has",
    ],
    [
      "what the client does",
      { modelSetting: null },
      "The client chose this model: choose one that it has with /model or --model",
    ],
    [
      "Ollama's command",
      { pullCommand: "ollama pull", model: "glm-9" },
      "Set BIG_MODEL_NAME to one that it has, or get it: ollama pull glm-9",
    ],
  ])("names %s", (_what, context, end) => {
    expect(toldOf(404, openai("model 'glm-9' not found"), context).message).toEndWith(end);
  });
});

describe("[5.5:tools] a model without tools", () => {
  test.each<[family: string, status: number, body: unknown]>([
    ["ollama", 400, openai("registry.ollama.ai/library/gemma:2b does not support tools")],
    ["groq", 400, openai("`tool calling` is not supported with this model")],
    ["deepseek", 400, openai("deepseek-reasoner does not support Function Calling")],
    ["mistral", 400, { object: "error", message: "Function calling is not enabled for this model" }],
    ["together", 422, openai("google/gemma-2b does not support tool calling")],
    ["generic", 500, openai("tool use is not supported by this model")],
  ])("at %s (%d)", (_family, status, body) => {
    const { told, message } = toldOf(status, body);
    expect(told).toBe(424);
    expect(message).toMatch(
      /^vendor\/model at upstream\.test cannot use tools: .*\. Set BIG_MODEL_NAME to one that can use tools, as Claude Code needs$/,
    );
  });

  test.each<[family: string, status: number, body: unknown]>([
    ["llamacpp", 500, openai("tools param requires --jinja flag")],
    [
      "vllm",
      400,
      {
        object: "error",
        message: '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
      },
    ],
  ])("at a server that was not started for it: %s", (_family, status, body) => {
    const { told, message } = toldOf(status, body);
    expect(told).toBe(424);
    expect(message).toEndWith(". Start that server with the option that it names");
  });

  test("at OpenRouter, where no provider has them", () => {
    const { told, message } = toldOf(
      404,
      openai("No endpoints found that support tool use. To learn more, visit x"),
    );
    expect([told, message]).toEqual([
      424,
      "no provider of vendor/model at upstream.test supports tool use: No endpoints found that support tool use. To learn more, visit x. Set BIG_MODEL_NAME to one that has one",
    ]);
  });
});

describe("[5.5:address] an address without chat completions", () => {
  test.each<[string, number, unknown, string, string]>([
    ["FastAPI", 404, { detail: "Not Found" }, "https://upstream.test/v1", "Check the setting BASE_URL"],
    [
      "FastAPI's other page",
      405,
      { detail: "Method Not Allowed" },
      "https://upstream.test/v1",
      "Check the setting BASE_URL",
    ],
    [
      "Python's http.server",
      501,
      "<!DOCTYPE HTML><title>Error response</title><p>Message: Unsupported method ('POST').",
      "http://upstream.test",
      "Error response. Check the setting BASE_URL, which for most servers ends in /v1: http://upstream.test/v1",
    ],
    [
      "Go",
      404,
      "404 page not found",
      "http://upstream.test",
      "Check the setting BASE_URL, which for most servers ends in /v1: http://upstream.test/v1",
    ],
    [
      "a page",
      404,
      "<!doctype html><title>Nothing here</title>",
      "https://upstream.test/api?key=secret",
      "Check the setting BASE_URL, which for most servers ends in /v1: https://upstream.test/api/v1",
    ],
  ])("%s", (_name, status, body, baseUrl, end) => {
    const { told, message } = toldOf(status, body, { baseUrl });
    expect(told).toBe(424);
    expect(message).toStartWith("upstream.test has no chat completions at /");
    expect(message).toEndWith(end);
  });
});

describe("[5.5:key] a key or a request that is refused", () => {
  test.each<[number, unknown, ApiErrorType, string]>([
    [
      401,
      openai("User not found."),
      "authentication_error",
      "upstream.test did not accept the upstream key, which is the setting OPENAI_API_KEY: User not found.",
    ],
    [
      403,
      openai("Country, region, or territory not supported"),
      "permission_error",
      "upstream.test refused this: Country, region, or territory not supported. Check BASE_URL, and what the key in OPENAI_API_KEY may use there",
    ],
    [407, "", "permission_error", "an HTTP proxy before upstream.test wants a login: it answered 407"],
  ])("%d", (status, body, type, message) => {
    expect(toldOf(status, body)).toEqual({
      told: 424,
      type,
      message,
      headers: { "x-should-retry": "false" },
    });
  });
});

test.each([
  "<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>",
  "Client sent an HTTP request to an HTTPS server.",
  "Your browser sent a request: you're speaking plain HTTP to an SSL-enabled server port.",
])("[5.5:network] a server with TLS that says so: %s", (body) => {
  const { told, message } = toldOf(400, body);
  expect([told, message]).toEqual([
    424,
    "upstream.test speaks TLS. The setting BASE_URL must begin with https://",
  ]);
});

describe("[5.5:passing] what may pass is told so that the client tries again", () => {
  test.each<[number, unknown, number]>([
    [400, openai("tools.0.input_schema: unknown model parameter"), 400],
    [400, openai("Unknown parameter: 'model_kwargs'"), 400],
    [429, openai("The model is busy"), 429],
    [500, openai("The model has crashed"), 500],
    [502, "<title>502 Bad Gateway</title>", 502],
    [503, openai("Loading model"), 503],
    [529, openai("Overloaded"), 529],
  ])("%d %j", (status, body, told) => {
    expect(toldOf(status, body).told).toBe(told);
  });
});

describe("[5.5:doubtful] a fault that a network which is gone has too", () => {
  test.each<[UpstreamErrorKind, SetUpFault | undefined, before: number, afterwards: number]>([
    ["network", "wrong", 424, 424],
    ["network", "doubtful", 424, 502],
    ["network", undefined, 502, 502],
    ["malformed", "doubtful", 424, 502],
    ["malformed", undefined, 502, 502],
    ["http", "doubtful", 424, 502],
    ["timeout", "doubtful", 424, 504],
    ["timeout", undefined, 504, 504],
  ])("%s, %p: %d before the first answer, %d after it", (kind, setUp, before, afterwards) => {
    const type = kind === "timeout" ? "timeout_error" : "api_error";
    const error = new UpstreamError(kind, "text", kind === "http" ? { status: 308, setUp } : { setUp });
    const told = [false, true].map((hasAnswered) =>
      mapUpstreamError(error, { ...errorContext, hasAnswered }),
    );
    expect(told.map(({ status }) => status)).toEqual([before, afterwards]);
    expect(told.map(({ type, message }) => [type, message])).toEqual([
      [type, "text"],
      [type, "text"],
    ]);
    expect(told.map(({ headers }) => headers["x-should-retry"])).toEqual(
      told.map(({ status }) => (status === 424 ? "false" : undefined)),
    );
  });

  test("a success without an answer", () => {
    const error = new UpstreamError("http", "no choices", { status: 200, body: {}, setUp: "doubtful" });
    const told = [false, true].map((hasAnswered) =>
      mapUpstreamError(error, { ...errorContext, hasAnswered }),
    );
    const message = "no choices. Check the setting BASE_URL: is upstream.test an OpenAI-compatible server?";
    expect(told.map((one) => [one.status, one.message])).toEqual([
      [424, message],
      [502, message],
    ]);
  });
});
