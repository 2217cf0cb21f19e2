import { expect, test } from "bun:test";
import { createAgentClient } from "../support/agent-client.ts";
import { type Reply, status } from "../support/reply.ts";
import { replyOf } from "../support/responses/response-events.ts";
import { responseManners } from "../support/responses/response-manner.ts";
import { findRefusals } from "../support/responses/strict/find-refusals.ts";
import { startProgram } from "../support/start-program.ts";
import { type Json, objectOf, objectsOf } from "../support/strict/json.ts";
import { startUpstream } from "../support/upstream.ts";
import { chatWire } from "../support/wires.ts";

const refuse = (code: number, message: string) => (): Reply => status(code, { error: { message } });
const onlyThere = refuse(404, "This model is only supported in v1/responses and not in v1/chat/completions.");
const toolsThere = refuse(
  400,
  "Function tools with reasoning_effort are not supported for gpt-5.4 in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.",
);
const noSuchPath = refuse(404, "Invalid URL (POST /v1/responses)");

const byChat = () => chatWire.stream(chatWire.events({ reasoning: "Hm.", text: "By chat." }));
/** It thinks, and calls a tool first. */
const byResponses = ({ input }: Json): Reply => {
  const isTold = objectsOf(input).some(({ type }) => type === "function_call_output");
  const said = isTold
    ? ({ kind: "message", text: "By responses." } as const)
    : ({ kind: "call", id: "call_1", name: "Bash", arguments: {} } as const);
  const thought = { kind: "reasoning", summary: ["Hm."], encrypted: isTold ? "blob 2" : "blob 1" } as const;
  return replyOf({ output: [thought, said] }, responseManners.openai);
};

/** A gateway before both wires, and the real program before it; `say` asks it once, in one conversation. */
async function startBoth(settings: Readonly<Record<string, string>> = {}) {
  const upstream = await startUpstream();
  const program = await startProgram(upstream.baseUrl, { BIG_MODEL_NAME: "gpt-5.4", ...settings });
  const client = createAgentClient(
    (body) =>
      fetch(`${program.url}/v1/messages`, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      }),
    {
      model: "claude-sonnet-5-5",
      max_tokens: 1000,
      thinking: { type: "adaptive" },
      output_config: { effort: "high" },
      tools: [{ name: "Bash", input_schema: { type: "object", properties: {} } }],
      stream: true,
    },
  );
  return {
    ...client,
    respond: (replies: { chat: (request: Json) => Reply; responses: (request: Json) => Reply }) => {
      upstream.respondWith(({ path, body }) =>
        path.endsWith("/responses") ? replies.responses(objectOf(body)) : replies.chat(objectOf(body)),
      );
    },
    paths: () => upstream.requests.map(({ path }) => path.replace("/v1/", "")),
    bodies: () => upstream.requests.map(({ body }) => objectOf(body)),
    /** Attempts and wire of the first requests. */
    records: async (count: number) =>
      (await program.requestRecords(count)).map(({ attempts, protocol }) => [attempts, protocol]),
    [Symbol.asyncDispose]: async () => {
      await program[Symbol.asyncDispose]();
      await upstream.stop();
    },
  };
}

test.each([
  ["its model there only", onlyThere],
  ["its tools there only (R0.1)", toolsThere],
])(
  "[20.3:to-responses] a gateway that has %s is asked there at once from the second request on",
  async (_, chat) => {
    await using both = await startBoth();
    both.respond({ chat, responses: byResponses });
    await both.say("Go.");
    await both.tell([{ content: "done" }]);
    await both.say("And?");
    expect(both.faults).toEqual([]);
    expect(both.paths()).toEqual(["chat/completions", "responses", "responses", "responses"]);
    const bodies = both.bodies().slice(1);
    expect(bodies.map((body) => findRefusals(body, "generic"))).toEqual([[], [], []]);
    const blobs = bodies.map(({ input }) =>
      objectsOf(input).flatMap(({ encrypted_content: blob }) => (blob === undefined ? [] : [blob])),
    );
    expect(blobs).toEqual([[], ["blob 1"], ["blob 1", "blob 2"]]);
    expect(await both.records(3)).toEqual([
      [2, "responses"],
      [1, "responses"],
      [1, "responses"],
    ]);
  },
);

test("[20.3:neither] a gateway that names the other wire and does not have it is asked with less", async () => {
  await using both = await startBoth({ UPSTREAM_PROFILE: "openai", BIG_MODEL_NAME: "gpt-5.2" });
  const chat = ({ reasoning_effort: effort }: Json) => (effort === "none" ? byChat() : toolsThere());
  both.respond({ chat, responses: noSuchPath });
  await both.say("Go.");
  await both.say("And?");
  expect(both.faults).toEqual([]);
  const efforts = both.bodies().map(({ reasoning_effort: effort }) => effort);
  expect(both.paths().map((path, index) => [path, efforts[index]])).toEqual([
    ["chat/completions", "high"],
    ["responses", undefined],
    ["chat/completions", "high"],
    ["chat/completions", "none"],
    ["chat/completions", "none"],
  ]);
  expect(await both.records(2)).toEqual([
    [4, "chat"],
    [1, "chat"],
  ]);
});

test("[20.3:to-chat] a gateway that has the other wire no more is asked as before", async () => {
  await using both = await startBoth();
  both.respond({ chat: onlyThere, responses: byResponses });
  await both.say("Go.");
  both.respond({ chat: byChat, responses: noSuchPath });
  await both.tell([{ content: "done" }]);
  await both.say("And?");
  expect(both.faults).toEqual([]);
  expect(both.paths()).toEqual([
    "chat/completions",
    "responses",
    "responses",
    "chat/completions",
    "chat/completions",
  ]);
  expect(await both.records(3)).toEqual([
    [2, "responses"],
    [2, "chat"],
    [1, "chat"],
  ]);
});
