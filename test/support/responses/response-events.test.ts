import { describe, expect, test } from "bun:test";
import { isObject, objectOf, objectsOf } from "../strict/json.ts";
import type { ResponseAnswer } from "./response-answer.ts";
import { replyOf, responseEvents, responseOf, responseSse } from "./response-events.ts";
import { type MannerId, responseManners } from "./response-manner.ts";

const everything: ResponseAnswer = {
  output: [
    { kind: "reasoning", summary: ["Look first", "Then run"], encrypted: "blob-of-1" },
    { kind: "search", query: "bun 2", sources: ["u1", "u2"] },
    { kind: "message", text: "I run it.", phase: "commentary", cites: [{ url: "u2", title: "T" }] },
    { kind: "call", id: "call_A", name: "Bash", arguments: { command: "ls -l" } },
    { kind: "call", id: "call_B", name: "Read", arguments: { file_path: "a" } },
  ],
  mixesCalls: true,
};

/** The types of events, without `response.` and without repetitions in a row. */
function typesOf(answer: ResponseAnswer, manner: MannerId): string[] {
  const types = responseEvents(answer, { manner: responseManners[manner] }).map((event) =>
    String(objectOf(event)["type"]).replace("response.", ""),
  );
  return types.filter((type, index) => type !== types[index - 1]);
}

test("events come in the order of OpenAI's", () => {
  expect(typesOf(everything, "openai")).toEqual([
    "created",
    "in_progress",
    "output_item.added",
    "reasoning_summary_part.added",
    "reasoning_summary_text.delta",
    "reasoning_summary_text.done",
    "reasoning_summary_part.done",
    ...["part.added", "text.delta", "text.done", "part.done"].map((end) => `reasoning_summary_${end}`),
    "output_item.done",
    "output_item.added",
    "web_search_call.in_progress",
    "web_search_call.searching",
    "web_search_call.completed",
    "output_item.done",
    "output_item.added",
    "content_part.added",
    "output_text.delta",
    "output_text.annotation.added",
    "output_text.done",
    "content_part.done",
    "output_item.done",
    "output_item.added",
    "function_call_arguments.delta",
    "function_call_arguments.done",
    "output_item.done",
    "function_call_arguments.done",
    "output_item.done",
    "completed",
  ]);
});

test("calls side by side are told in turns", () => {
  const deltas = responseEvents(everything).filter((event) =>
    String(objectOf(event)["type"]).endsWith("arguments.delta"),
  );
  expect(deltas.map((event) => [objectOf(event)["output_index"], objectOf(event)["delta"]])).toEqual([
    [3, '{"command":"'],
    [4, '{"file_path"'],
    [3, 'ls -l"}'],
    [4, ':"a"}'],
  ]);
});

describe("the deltas of an item, its done and its place in the terminal event say the same", () => {
  test.each(Object.keys(responseManners) as MannerId[])("%s", (id) => {
    const manner = responseManners[id];
    const events = responseEvents(everything, { manner }).filter(isObject);
    const done = events.filter(({ type }) => type === "response.output_item.done").map(({ item }) => item);
    const terminal = objectsOf(objectOf(events.at(-1)?.["response"])["output"]);
    const whole = objectsOf(objectOf(responseOf(everything, manner))["output"]);
    const texts = (items: readonly unknown[]) =>
      items
        .map((item) => {
          const { type, arguments: text, summary, content } = objectOf(item);
          return JSON.stringify([type, text, summary, content]);
        })
        .toSorted();
    expect(texts(done)).toEqual(texts(terminal));
    expect(terminal.map(({ type }) => type)).toEqual(whole.map(({ type }) => type));
    const said = (type: string) =>
      events
        .filter((event) => event["type"] === type)
        .map(({ delta }) => delta)
        .join("");
    expect(said("response.output_text.delta")).toBe("I run it.");
    expect(said("response.reasoning_summary_text.delta")).toBe("Look firstThen run");
    expect(events.every((event) => "output_index" in event || !("item_id" in event))).toBe(manner.hasIndex);
  });
});

const bodyOf = (reply: ReturnType<typeof replyOf>) =>
  [...reply.body].map((step) => (step instanceof Uint8Array ? new TextDecoder().decode(step) : "")).join("");

test("each event has its name in a line of its own, and no end mark follows", () => {
  expect(bodyOf(responseSse([{ type: "response.created" }]))).toBe(
    'event: response.created\ndata: {"type":"response.created"}\n\n',
  );
  const { openai, openrouter } = responseManners;
  expect(bodyOf(replyOf(everything, openai))).not.toContain("[DONE]");
  expect(bodyOf(replyOf(everything, openrouter))).toMatch(
    /^: OPENROUTER PROCESSING\n\nevent: [\s\S]*\n\ndata: \[DONE\]\n\n$/,
  );
});

/** Types, with the members that tell servers apart. */
function traitsOf(manner: MannerId): unknown[] {
  const answer: ResponseAnswer = {
    output: [
      { kind: "reasoning", text: "Easy.", encrypted: "blob-of-2" },
      { kind: "message", text: "4" },
      { kind: "call", id: "call_9", name: "Read", arguments: {} },
    ],
    status: "incomplete",
  };
  return responseEvents(answer, { manner: responseManners[manner] }).map((event) => {
    const { type, item, response } = objectOf(event);
    const { id, call_id: callId, encrypted_content: blob } = objectOf(item);
    const { status, error, id: responseId } = objectOf(response);
    return [String(type).replace("response.", ""), id, callId, blob, status, error, responseId]
      .filter((member) => member !== undefined)
      .join(" ");
  });
}

test("each server has its own manner", () => {
  expect(traitsOf("llamacpp").slice(-10)).toEqual([
    "function_call_arguments.delta",
    "reasoning_text.done",
    "content_part.done",
    "output_item.done ",
    "output_text.done",
    "content_part.done",
    "output_item.done",
    "function_call_arguments.done",
    "output_item.done",
    "completed completed  resp_1",
  ]);
  expect(traitsOf("openrouter").slice(-10)).toEqual([
    "content_part.done",
    "output_item.done msg_1",
    "output_item.added fc_2 call_9",
    "function_call_arguments.delta",
    "function_call_arguments.done",
    "output_item.done fc_2 call_9",
    "reasoning_text.done",
    "content_part.done",
    "output_item.done rs_0 blob-of-2",
    "incomplete incomplete  gen-1",
  ]);
  expect(traitsOf("xai").filter((trait) => trait === "keepalive").length).toBe(3);
  expect(traitsOf("xai")[0]).toBe("created in_progress 0b824fe9-1");
  expect(traitsOf("openai")[2]).toBe("output_item.added rs_0 blob-");
  expect(traitsOf("lmstudio").filter((trait) => String(trait).includes("arguments.delta"))).toEqual([]);
  expect(new Set(traitsOf("copilot").filter((trait) => String(trait).includes("capture"))).size).toBe(9);
});

test("a failure is an error event in one of two forms, behind what was said", () => {
  const failure = { code: "server_is_overloaded", message: "busy", type: "service_unavailable_error" };
  const ends = (answer: ResponseAnswer) => responseEvents(answer).slice(2).map(objectOf);
  expect(ends({ output: [], failure })).toMatchObject([
    { type: "error", sequence_number: 2, error: { ...failure, param: null } },
    {
      type: "response.failed",
      response: { status: "failed", error: { code: failure.code, message: "busy" } },
    },
  ]);
  expect(ends({ output: [], failure: { ...failure, form: "flat", told: "error" } })).toMatchObject([
    { type: "error", code: failure.code, message: "busy" },
  ]);
  expect(responseOf({ output: [], failure })).toMatchObject({ status: "failed", error: { message: "busy" } });
});
