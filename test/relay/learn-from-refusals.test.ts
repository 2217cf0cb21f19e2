import { describe, expect, test } from "bun:test";
import type { ProfileId } from "../../src/profiles/profile-ids.ts";
import { completionOf } from "../support/chunks.ts";
import { json, type Reply, status } from "../support/reply.ts";
import { hello, type Pair, startPair } from "../support/start-pair.ts";
import { isObject, type Json, objectOf } from "../support/strict/json.ts";

/** Answers, or refuses what `findFault` names. */
function strictReply(body: unknown, findFault: (sent: Json) => Reply | null): Reply {
  return findFault(objectOf(body)) ?? json(completionOf({ text: "ok" }));
}

/** A proxy in front of an upstream that refuses what `findFault` names. */
async function startStrict(findFault: (sent: Json) => Reply | null, upstreamProfile: ProfileId = "generic") {
  const pair = await startPair({ settings: { upstreamProfile } });
  pair.upstream.respondWith(({ body }) => strictReply(body, findFault));
  return pair;
}

/** Asks as one of two clients, and gives what the upstream got for it, and what the record says of it. */
async function ask(pair: Pair, client: "one" | "other", fields: object) {
  const before = pair.upstream.requests.length;
  const records = pair.proxy.records.length;
  const headers = { "x-claude-code-session-id": client };
  const response = await pair.post({ ...hello, ...fields }, { headers });
  await response.text();
  const { repairs, attempts } = await pair.proxy.record(records);
  const sent = pair.upstream.requests.slice(before).map(({ body }) => objectOf(body));
  return { status: response.status, sent, repairs, attempts };
}

const refuse = (message: string, members: object = {}) => status(400, { error: { message, ...members } });

/** FastAPI's form, in which vLLM, SGLang and Mistral refuse. */
const fault = (type: string, field: string, msg: string) =>
  status(422, { detail: [{ type, loc: ["body", field], msg, input: 1 }] });

const readTool = { name: "Read", input_schema: { type: "object", properties: {} } };
const tools = [readTool];

describe("[F6] a value of one client that the upstream refuses", () => {
  const tooHot = (sent: Json) => Number(sent["temperature"] ?? 0) > 2;
  const cases: [string, Reply][] = [
    ["a range", refuse("temperature must be between 0 and 2")],
    ["a range, named by `param`", refuse("Invalid value: must be between 0 and 2", { param: "temperature" })],
    [
      "OpenAI's words",
      refuse(
        "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 5 instead.",
        {
          param: "temperature",
          code: "decimal_above_max_value",
        },
      ),
    ],
    [
      "`unsupported_value`",
      refuse("Unsupported value: 'temperature' does not support 5 with this model.", {
        param: "temperature",
        code: "unsupported_value",
      }),
    ],
    ["a code alone", refuse("temperature is not supported", { code: "invalid_value" })],
    ["pydantic", fault("less_than_equal", "temperature", "Input should be less than or equal to 2")],
    ["DeepSeek's", refuse("Invalid temperature value, the valid range of temperature is [0, 2]")],
    [
      "Qwen's",
      refuse("<400> InternalError.Algo.InvalidParameter: Range of temperature should be [0.0, 2.0)"),
    ],
    ["Kimi's", refuse("invalid temperature: only 1 is allowed for this model")],
    [
      "Gemini's",
      refuse("* GenerateContentRequest.temperature: temperature must be in the range [0.0, 2.0]."),
    ],
    ["vLLM's", status(400, { object: "error", message: "temperature must be non-negative and at most 2" })],
  ];
  test.each(cases)("is left out of that request only: %s", async (_name, reply) => {
    await using pair = await startStrict((sent) => (tooHot(sent) ? reply : null));
    const bad = await ask(pair, "one", { temperature: 5 });
    expect(bad).toMatchObject({
      status: 200,
      repairs: ["left out temperature, which the upstream refused this time"],
      attempts: 2,
    });
    expect(bad.sent.map(({ temperature }) => temperature)).toEqual([5, undefined]);
    const good = await ask(pair, "other", { temperature: 0.2 });
    expect(good).toMatchObject({ status: 200, repairs: [], attempts: 1 });
    expect(good.sent.map(({ temperature }) => temperature)).toEqual([0.2]);
  });

  test("top_p: 0.9 of another client is sent after 7", async () => {
    await using pair = await startStrict((sent) =>
      Number(sent["top_p"]) > 1 ? refuse("top_p must be in (0, 1], got 7.0.") : null,
    );
    expect((await ask(pair, "one", { top_p: 7 })).status).toBe(200);
    expect((await ask(pair, "other", { top_p: 0.9 })).sent.map((sent) => sent["top_p"])).toEqual([0.9]);
  });

  test.each<[string, Reply]>([
    [
      "OpenAI's words",
      refuse(
        "Invalid value: 'max'. Supported values are: 'low', 'medium', and 'high'; it must be one of them.",
        {
          param: "reasoning_effort",
          code: "invalid_value",
        },
      ),
    ],
    ["Groq's", refuse("`reasoning_effort` must be one of `low`, `medium`, or `high`")],
    ["pydantic", fault("literal_error", "reasoning_effort", "Input should be 'low', 'medium' or 'high'")],
    ["serde", refuse("reasoning_effort: unknown variant `max`, expected one of `low`, `medium`, `high`")],
    ["the value alone", refuse("reasoning_effort 'max' is not supported by this model")],
  ])("effort high of another client is sent after max: %s", async (_name, reply) => {
    await using pair = await startStrict(
      (sent) => (sent["reasoning_effort"] === "max" ? reply : null),
      "vllm",
    );
    const max = await ask(pair, "one", { output_config: { effort: "max" } });
    expect(max.status).toBe(200);
    expect(max.sent.map((sent) => sent["reasoning_effort"])).toEqual(["max", undefined]);
    const high = await ask(pair, "other", { output_config: { effort: "high" } });
    expect(high.sent.map((sent) => sent["reasoning_effort"])).toEqual(["high"]);
  });

  test.each([
    "Invalid tool_choice type: 'object'. Supported string values: none, auto, required",
    "tool_choice is not supported for this request",
    "tool_choice 'specified' is incompatible with thinking enabled",
    "Thinking mode does not support this tool_choice",
  ])("one refusal of a choice frees nobody else's: %s", async (text) => {
    await using pair = await startStrict((sent) => (isObject(sent["tool_choice"]) ? refuse(text) : null));
    const named = await ask(pair, "one", { tools, tool_choice: { type: "tool", name: "Read" } });
    expect(named.status).toBe(200);
    expect(named.repairs).toEqual([
      "left the choice of a tool to the model, as the upstream refused this one",
    ]);
    const any = await ask(pair, "other", { tools, tool_choice: { type: "any" } });
    expect(any.sent.map((sent) => sent["tool_choice"])).toEqual(["required"]);
  });

  test("an output schema that is refused loosens nobody else's", async () => {
    const schemaOf = (name: string) => ({
      type: "object",
      properties: { [name]: { type: "string" } },
      required: [name],
      additionalProperties: false,
    });
    const asking = (name: string) => ({
      output_config: { format: { type: "json_schema", schema: schemaOf(name) } },
    });
    await using pair = await startStrict((sent) =>
      JSON.stringify(sent["response_format"] ?? "").includes("bad")
        ? refuse("Invalid schema for response_format 'output': 'bad' is not permitted.", {
            param: "response_format",
          })
        : null,
    );
    expect((await ask(pair, "one", asking("bad"))).status).toBe(200);
    const good = await ask(pair, "other", asking("good"));
    expect(good.sent.map((sent) => objectOf(sent["response_format"])["type"])).toEqual(["json_schema"]);
  });
});

describe("[F6] a field that the upstream refuses beside another one", () => {
  test.each([
    "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
    "temperature is not supported with top_p",
    "Unsupported parameter: 'temperature' is not supported when top_p is set.",
  ])("is left out of that request only: %s", async (text) => {
    await using pair = await startStrict((sent) =>
      sent["temperature"] !== undefined && sent["top_p"] !== undefined ? refuse(text) : null,
    );
    expect((await ask(pair, "one", { temperature: 0.5, top_p: 0.5 })).status).toBe(200);
    const alone = await ask(pair, "other", { temperature: 0.2 });
    expect(alone.sent.map(({ temperature }) => temperature)).toEqual([0.2]);
  });

  test("and that it took alone before is never learned, whatever it says", async () => {
    const text = "Unsupported parameter: 'temperature' is not supported with this model.";
    await using pair = await startStrict((sent) =>
      sent["temperature"] !== undefined && sent["stop"] !== undefined ? refuse(text) : null,
    );
    expect((await ask(pair, "other", { temperature: 0.2 })).attempts).toBe(1);
    const both = await ask(pair, "one", { temperature: 0.5, stop_sequences: ["END"] });
    expect(both).toMatchObject({
      status: 200,
      attempts: 2,
      repairs: ["left out temperature, which the upstream refused this time"],
    });
    expect((await ask(pair, "other", { temperature: 0.2 })).sent).toMatchObject([{ temperature: 0.2 }]);
  });
});

describe("[5.4:retries] three faults at once", () => {
  const picture = {
    type: "image",
    source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" },
  };
  const request = {
    tools,
    tool_choice: { type: "any" },
    thinking: { type: "enabled", budget_tokens: 2000 },
    max_tokens: 5000,
    messages: [{ role: "user", content: [picture, { type: "text", text: "look" }] }],
  };
  /** A forced choice is never learned away, so it costs a send each time. */
  const families: [ProfileId, again: number, (sent: Json) => Reply | null][] = [
    [
      "generic",
      1,
      ({ temperature, stop, max_tokens }) => {
        if (temperature !== undefined) return refuse("Unknown parameter: 'temperature'.");
        if (stop !== undefined) return fault("extra_forbidden", "stop", "Extra inputs are not permitted");
        return max_tokens === undefined
          ? null
          : refuse("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.");
      },
    ],
    [
      "ollama",
      1,
      (sent) => {
        if (JSON.stringify(sent).includes("image_url")) {
          return refuse("this model does not support image input", { type: "invalid_request_error" });
        }
        if (sent["reasoning_effort"] !== undefined && sent["reasoning_effort"] !== "none") {
          return refuse('"m" does not support thinking');
        }
        return sent["temperature"] === undefined ? null : refuse("Unknown parameter: 'temperature'.");
      },
    ],
    [
      "openrouter",
      2,
      (sent) => {
        if (JSON.stringify(sent).includes("image_url")) {
          return status(404, {
            error: { message: "No endpoints found that support image input", code: 404 },
          });
        }
        if (sent["tool_choice"] !== undefined && sent["tool_choice"] !== "auto") {
          const message = "No endpoints found that support the provided 'tool_choice' value.";
          return status(404, { error: { message, code: 404 } });
        }
        return sent["top_k"] === undefined ? null : refuse("top_k: Extra inputs are not permitted");
      },
    ],
  ];
  const ways = families.flatMap(([id, again, findFault]) =>
    [false, true].map((stream) => [id, stream, again, findFault] as const),
  );
  test.each(ways)("%s, streamed: %p", async (id, stream, again, findFault) => {
    await using pair = await startStrict(findFault, id);
    const fields = { ...request, stream, temperature: 0.5, top_k: 5, stop_sequences: ["END"] };
    const first = await ask(pair, "one", fields);
    expect([first.status, first.attempts]).toEqual([200, 4]);
    const second = await ask(pair, "one", fields);
    expect([second.status, second.attempts]).toEqual([200, again]);
    expect(second.sent.at(-1)).toEqual(first.sent[3] ?? {});
  });
});

test("[F6 2.4.2:mistral] a repair in vain is not tried twice where the model took before what it now refuses", async () => {
  const conversation = [
    { role: "user", content: "a" },
    { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "Read", input: {} }] },
    {
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "t1", content: "x" },
        { type: "text", text: "b" },
      ],
    },
  ];
  let isRefusing = false;
  await using pair = await startStrict(() =>
    isRefusing ? refuse("Unexpected role 'user' after role 'tool'") : null,
  );
  expect((await ask(pair, "one", { tools, messages: conversation })).attempts).toBe(1);
  isRefusing = true;
  expect(await ask(pair, "one", { tools, messages: conversation })).toMatchObject({
    status: 400,
    attempts: 2,
  });
});

describe("[F6 R0:remembered] a field that the upstream does not know", () => {
  const cases: [string, Reply][] = [
    [
      "`unsupported_parameter`",
      refuse("Unsupported parameter: 'temperature' is not supported with this model.", {
        param: "temperature",
        code: "unsupported_parameter",
      }),
    ],
    ["pydantic", fault("extra_forbidden", "temperature", "Extra inputs are not permitted")],
    [
      "pydantic in a text",
      refuse("temperature: Extra inputs are not permitted [type=extra_forbidden, input_value=0.5]"),
    ],
    ["serde", refuse("unknown field `temperature`, expected one of `model`, `messages`, `stop`")],
    [
      "xAI's",
      status(400, {
        code: "Client specified an invalid argument",
        error: "Model m does not support parameter temperature.",
      }),
    ],
    ["Groq's", refuse("'temperature' : property 'temperature' is unsupported")],
    ["Anthropic's", refuse("`temperature` is deprecated for this model.")],
  ];
  test.each(cases)("is left out for everybody, and every record says so: %s", async (_name, reply) => {
    await using pair = await startStrict((sent) => (sent["temperature"] === undefined ? null : reply));
    const first = await ask(pair, "one", { temperature: 0.5, stop_sequences: ["END"] });
    expect(first).toMatchObject({
      status: 200,
      attempts: 2,
      repairs: ["left out temperature, which the upstream does not take"],
    });
    const second = await ask(pair, "other", { temperature: 0.2 });
    expect(second).toMatchObject({
      status: 200,
      attempts: 1,
      repairs: ["left out temperature, which the upstream does not take (learned earlier)"],
    });
    expect((await ask(pair, "other", {})).repairs).toEqual([]);
  });

  test("is named behind what was mended in the conversation", async () => {
    await using pair = await startStrict((sent) =>
      sent["temperature"] === undefined ? null : refuse("Unknown parameter: 'temperature'."),
    );
    const messages = [{ role: "assistant", content: "a" }, ...hello.messages];
    const mended = (await ask(pair, "one", { messages })).repairs;
    expect(mended).toHaveLength(1);
    expect((await ask(pair, "one", { messages, temperature: 0.5 })).repairs).toEqual([
      ...mended,
      "left out temperature, which the upstream does not take",
    ]);
  });

  test("is left out for its model only", async () => {
    await using pair = await startStrict((sent) =>
      sent["top_p"] === undefined || sent["model"] === "small-model"
        ? null
        : refuse("Unknown parameter: 'top_p'."),
    );
    await ask(pair, "one", { top_p: 0.5 });
    expect((await ask(pair, "other", { model: "claude-haiku-5", top_p: 0.6 })).sent).toMatchObject([
      { top_p: 0.6 },
    ]);
    expect((await ask(pair, "other", { top_p: 0.6 })).sent.map((sent) => sent["top_p"])).toEqual([undefined]);
  });

  test("is named in the record of a request that fails, too", async () => {
    await using pair = await startStrict((sent) => {
      if (sent["temperature"] !== undefined) return refuse("Unknown parameter: 'temperature'.");
      return sent["stop"] === undefined ? null : status(500, { error: { message: "broken" } });
    });
    await ask(pair, "one", { temperature: 0.5 });
    expect(await ask(pair, "other", { temperature: 0.5, stop_sequences: ["END"] })).toMatchObject({
      status: 500,
      repairs: ["left out temperature, which the upstream does not take (learned earlier)"],
    });
  });
});

describe("[R0:words] what a model cannot do is asked for once more without it, and then no more", () => {
  const picture = {
    type: "image",
    source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" },
  };
  const calling = [
    { role: "user", content: "a" },
    { role: "assistant", content: [{ type: "tool_use", id: "toolu_01", name: "Read", input: {} }] },
    {
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "toolu_01", content: "b" },
        { type: "text", text: "c" },
      ],
    },
  ];
  const rolesOf = (sent: Json) => JSON.stringify(sent["messages"]);
  const cases: [string, ProfileId, number, string, (sent: Json) => boolean, object][] = [
    [
      "thinking at Ollama",
      "ollama",
      400,
      '"m" does not support thinking',
      (sent) => sent["reasoning_effort"] !== undefined,
      { thinking: { type: "adaptive" }, output_config: { effort: "medium" } },
    ],
    [
      "a level at Ollama",
      "ollama",
      400,
      'think value "medium" is not supported for this model',
      (sent) => sent["reasoning_effort"] === "medium",
      { output_config: { effort: "medium" } },
    ],
    [
      "an image at llama.cpp",
      "llamacpp",
      500,
      "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj",
      (sent) => rolesOf(sent).includes("image_url"),
      { messages: [{ role: "user", content: [picture, { type: "text", text: "what?" }] }] },
    ],
    [
      "a user behind a tool in a template",
      "llamacpp",
      500,
      "Jinja Exception: conversation roles must alternate user and assistant roles except for tool calls and results.",
      (sent) => /"tool"[^}]*\},\{"role":"user"/.test(rolesOf(sent)),
      { tools, messages: calling },
    ],
    [
      "long ids in a template",
      "llamacpp",
      400,
      "Jinja Exception: Tool call IDs should be alphanumeric strings with length 9!",
      (sent) => rolesOf(sent).includes("toolu_01"),
      { tools, messages: calling },
    ],
  ];
  test.each(cases)("%s (%s, %p)", async (_name, profile, code, message, isRefused, fields) => {
    for (const stream of [false, true]) {
      await using pair = await startStrict(
        (sent) => (isRefused(sent) ? status(code, { error: { message } }) : null),
        profile,
      );
      const first = await ask(pair, "one", { ...fields, stream });
      expect(first).toMatchObject({ status: 200, attempts: 2 });
      const second = await ask(pair, "other", { ...fields, stream });
      expect(second).toMatchObject({ status: 200, attempts: 1 });
      expect(second.repairs.some((words) => words.endsWith("(learned earlier)"))).toBe(true);
    }
  });

  test("a template with two rules of its own is asked three times", async () => {
    await using pair = await startStrict((sent) => {
      if (rolesOf(sent).includes("toolu_01")) {
        return refuse("Jinja Exception: Tool call IDs should be alphanumeric strings with length 9!");
      }
      return rolesOf(sent).includes('{"role":"assistant","content":"OK."}')
        ? null
        : refuse("Jinja Exception: conversation roles must alternate user/assistant/user/assistant/...");
    });
    expect(await ask(pair, "one", { tools, messages: calling })).toMatchObject({ status: 200, attempts: 3 });
    expect(await ask(pair, "one", { tools, messages: calling })).toMatchObject({ status: 200, attempts: 1 });
  });
});
