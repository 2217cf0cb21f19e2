import { expect, test } from "bun:test";
import { isJsonObject, type JsonObject } from "../../../src/json/json-value.ts";
import { type Breakage, startBrokenUpstream } from "./broken-upstream.ts";
import { diagnose, type Seen, settingsFor } from "./run-doctor-in.ts";

const models = { object: "list", data: [{ id: "some-model", context_length: 131072 }] };

/** What the demonstration upstream does not do on Chat Completions, and the generic profile not with it. */
const usual: Seen["checks"] = {
  reasoning: ["not offered", "no reasoning came"],
  pdf: ["not offered", "it takes none: the proxy left the document out"],
};

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const memberOf = (value: unknown, name: string | number): unknown =>
  Array.isArray(value) ? value[Number(name)] : isJsonObject(value) ? value[name] : undefined;

/** The tools of a chat request. */
const namesOf = (body: JsonObject) =>
  listOf(body["tools"]).map((tool) => String(memberOf(memberOf(tool, "function"), "name")));

const without =
  (...names: string[]) =>
  (body: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));

const hasMessage = (body: JsonObject, isIt: (message: JsonObject) => boolean) =>
  listOf(body["messages"]).some((message) => isJsonObject(message) && isIt(message));

/** The piece of a chunk with the arguments of a call. */
function changeArguments(piece: JsonObject, change: (text: string) => string): JsonObject {
  const delta = memberOf(memberOf(piece["choices"], 0), "delta");
  const called = memberOf(memberOf(memberOf(delta, "tool_calls"), 0), "function");
  if (isJsonObject(called) && typeof called["arguments"] === "string")
    called["arguments"] = change(called["arguments"]);
  return piece;
}

/** Turns each call of a stream into text, as models do whose server does not know how they call tools. */
function writeCallsAsText(piece: JsonObject): JsonObject {
  const [choice] = listOf(piece["choices"]);
  if (!isJsonObject(choice)) return piece;
  const isEnd = choice["finish_reason"] === "tool_calls";
  const content = listOf(memberOf(choice["delta"], "tool_calls")).map((call) => {
    const name = memberOf(memberOf(call, "function"), "name");
    const end = memberOf(call, "index") === 0 ? "" : "}</tool_call>";
    const begin = typeof name === "string" ? `${end}<tool_call>{"name":"${name}","arguments":` : "";
    return begin + String(memberOf(memberOf(call, "function"), "arguments") ?? "");
  });
  if (content.length === 0 && !isEnd) return piece;
  const delta = { content: content.join("") + (isEnd ? "}</tool_call>" : "") };
  return { ...piece, choices: [{ ...choice, delta, finish_reason: isEnd ? "stop" : null }] };
}

const toolsAreMissing = "it needs: tool call streamed";
const notTried: Seen["checks"] = Object.fromEntries(
  ["parallel", "forced", "round-trip", "reasoning", "long-name", "many-tools"].map((id) => [
    id,
    ["not tried", toolsAreMissing],
  ]),
);

const asked = (body: JsonObject) => JSON.stringify(body["messages"]);

const cases: [name: string, Breakage, Seen["checks"], more?: string][] = [
  ["nothing", {}, {}],
  [
    "streams come whole",
    { isWhole: true },
    { text: ["repaired", "it answers in one piece; the proxy makes the events"] },
  ],
  [
    "no usage",
    {
      answer: (piece) => (listOf(piece["choices"]).length === 0 ? null : without("usage")(piece)),
    },
    { usage: ["repaired", "it tells no usage; the proxy counts the tokens itself"] },
  ],
  [
    "no finish reason",
    {
      answer: (piece) => ({
        ...piece,
        choices: listOf(piece["choices"]).map((one) =>
          isJsonObject(one) ? { ...one, finish_reason: null } : one,
        ),
      }),
    },
    { text: ["repaired", "the text came in events", "the upstream gave no finish reason"] },
  ],
  [
    "another name for the limit",
    {
      request: (body) =>
        "max_tokens" in body
          ? "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
          : body,
    },
    {
      text: ["repaired", "the text came in events", "sent the output limit as max_completion_tokens"],
    },
  ],
  [
    "stop sequences are ignored",
    { request: without("stop") },
    { stop: ["fails", "the answer went on behind the stop sequence"] },
  ],
  [
    "images are refused",
    {
      request: (body) =>
        asked(body).includes("image_url") ? "This model does not support image inputs." : body,
    },
    { image: ["not offered", "it takes no images: the proxy left the image out"] },
  ],
  [
    "images are not looked at",
    {
      request: (body) => JSON.parse(JSON.stringify(body).replaceAll(/data:image[^"]*/g, "data:,")),
    },
    { image: ["fails", "it took the image, but the answer does not say what is in it"] },
  ],
  [
    "the forced choice is forgotten",
    {
      request: (body) => (isJsonObject(body["tool_choice"]) ? without("tools", "tool_choice")(body) : body),
    },
    { forced: ["fails", "it did not call the tool that was forced"] },
  ],
  [
    "many tools are refused",
    { request: (body) => (namesOf(body).length > 40 ? "Too many tools: at most 40 are allowed." : body) },
    { "many-tools": ["not offered", "it refuses the request: Too many tools: at most 40 are allowed."] },
  ],
  [
    "long names are refused",
    {
      request: (body) =>
        namesOf(body).some((name) => name.length > 40) ? "A name of a tool is too long: at most 40." : body,
    },
    { "long-name": ["not offered", "it refuses the request: A name of a tool is too long: at most 40."] },
  ],
  [
    "system messages are refused",
    {
      request: (body) =>
        hasMessage(body, ({ role }) => role === "system") ? "System role not supported" : body,
    },
    {
      system: ["repaired", "it was answered", "put the system prompt into the first user message"],
    },
  ],
  [
    "schemas of the output are not followed",
    { request: without("response_format") },
    { structured: ["fails", "the answer does not fit the schema"] },
  ],
  [
    "one call at a time",
    {
      answer: (piece) => {
        const delta = memberOf(memberOf(piece["choices"], 0), "delta");
        return Number(memberOf(memberOf(memberOf(delta, "tool_calls"), 0), "index") ?? 0) > 0 ? null : piece;
      },
    },
    { parallel: ["not offered", "it made one call where two were asked for"] },
  ],
  [
    "tools are ignored",
    { request: without("tools", "tool_choice") },
    { tool: ["fails", "it called no tool"], ...notTried },
  ],
  [
    "arguments are broken",
    { answer: (piece) => changeArguments(piece, (text) => text.replaceAll('"}', '",}')) },
    { tool: ["fails", "the arguments of the call are not what the schema wants"], ...notTried },
  ],
  [
    "arguments are broken, and the proxy holds them",
    { answer: (piece) => changeArguments(piece, (text) => text.replaceAll('"}', '",}')) },
    {
      tool: [
        "repaired",
        "the call came with its arguments",
        "tool arguments were no valid JSON and were repaired",
      ],
    },
    "UPSTREAM_PROFILE=vllm",
  ],
  [
    "calls are written into the text",
    { answer: writeCallsAsText },
    { tool: ["fails", "it called no tool"], ...notTried },
  ],
  [
    "calls are written into the text, and the proxy looks for them",
    { answer: writeCallsAsText },
    {
      tool: [
        "repaired",
        "the call came with its arguments",
        "tool calls written into the text were taken for calls",
      ],
    },
    "UPSTREAM_PROFILE=vllm",
  ],
  [
    "results of tools are refused",
    { request: (body) => (hasMessage(body, ({ role }) => role === "tool") ? 422 : body) },
    { "round-trip": ["fails", expect.stringContaining("Refused.")] },
  ],
];

test.each(
  cases.map(
    ([name, breakage, found, more = "UPSTREAM_PROFILE=generic"]) => [name, breakage, found, more] as const,
  ),
)("%s: that is named, and only that", async (_name, breakage, found, more) => {
  await using upstream = startBrokenUpstream({ models, ...breakage });
  const { exitCode, setup, checks } = await diagnose(settingsFor(upstream.url, more));
  expect({ setup, checks }).toEqual({ setup: [], checks: { ...usual, ...found } });
  const fails = Object.values(found).some(([standing]) => standing === "fails");
  expect(exitCode).toBe(fails ? 1 : 0);
});

test("a key that is not known: nothing else is tried, and the key is shown nowhere", async () => {
  await using upstream = startBrokenUpstream({ request: () => 401 });
  const { exitCode, checks } = await diagnose(settingsFor(upstream.url, "UPSTREAM_PROFILE=generic"));
  expect(exitCode).toBe(1);
  expect(checks.text).toEqual(["fails", expect.stringContaining("OPENAI_API_KEY")]);
  expect(Object.values(checks).filter(([standing]) => standing === "not tried")).toHaveLength(14);
  expect(JSON.stringify(checks)).not.toContain("upstream-key");
  expect(upstream.requests).toHaveLength(1);
});

test("an upstream that is passed on ends its stream with an error without words: there are words for it", async () => {
  const usage = { input_tokens: 3, output_tokens: 1 };
  const message = { id: "msg_1", type: "message", role: "assistant", model: "m", content: [], usage };
  const events = [
    { type: "message_start", message: { ...message, stop_reason: null, stop_sequence: null } },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "Hel" } },
    { type: "error", error: { type: "overloaded_error", message: "" } },
  ];
  const stream = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
  const headers = { "content-type": "text/event-stream" };
  await using server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => new Response(stream, { headers }),
  });
  const { checks } = await diagnose(settingsFor(`${server.url}v1`, "UPSTREAM_PROTOCOL=anthropic"));
  expect(checks.text).toEqual(["fails", "the stream ended with an error that says nothing"]);
});
