import { describe, expect, test } from "bun:test";
import { createRepairMemory } from "../../src/learned/repair-memory.ts";
import type { UpstreamMemory } from "../../src/learned/upstream-memory.ts";
import type { Protocol, Recovery } from "../../src/protocols/protocol.ts";
import { listRequestParts } from "../../src/protocols/responses/count/list-request-parts.ts";
import type { ResponsesRepair } from "../../src/protocols/responses/repair/repair.ts";
import { responsesRepairs } from "../../src/protocols/responses/repair/responses-repairs.ts";
import type { ResponsesRequest } from "../../src/protocols/responses/responses-request.ts";
import { sendWithRepairs } from "../../src/relay/send-with-repairs.ts";
import { createSendBudget } from "../../src/upstream/send-budget.ts";
import type { UpstreamError } from "../../src/upstream/upstream-error.ts";
import { blobItem, profileAt, refusal, requestOf, userItem } from "../protocols/responses/repair/refused.ts";
import type { ToyItem } from "../protocols/toy/toy-item.ts";
import { toyProtocol } from "../protocols/toy/toy-protocol.ts";
import { chunk, stopChunk, usageChunk } from "../support/chunks.ts";
import { json, sse } from "../support/reply.ts";
import { hello, readFailure, startPair } from "../support/start-pair.ts";
import { objectOf } from "../support/strict/json.ts";
import { translateRequest } from "../support/translate-request.ts";

const said = () => sse([chunk({ content: "ok" }), stopChunk, usageChunk()]);
const hot = { ...hello, temperature: 0.5, stream: true };
const failing = (message: string, code = 400) => ({
  id: "gen-1",
  error: { code, message },
  choices: [{ index: 0, delta: { content: "" }, finish_reason: "error" }],
});
const unsupported = failing("Unsupported parameter: 'temperature' is not supported with this model.");

describe("a refusal that comes as the first event of a stream", () => {
  test("[25.4:in-stream] is repaired, and the repair is remembered for the model", async () => {
    await using pair = await startPair();
    pair.upstream.reply(sse([unsupported]));
    pair.upstream.reply(said());
    pair.upstream.reply(said());
    const response = await pair.post(hot);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('"text":"ok"');
    await (await pair.post(hot)).text();
    const sent = pair.upstream.requests.map(({ body }) => objectOf(body)["temperature"]);
    expect(sent).toEqual([0.5, undefined, undefined]);
    const { repairs, attempts } = await pair.proxy.record(0);
    expect({ repairs, attempts }).toEqual({
      repairs: ["left out temperature, which the upstream does not take"],
      attempts: 2,
    });
    expect(await pair.proxy.record(1)).toMatchObject({
      repairs: ["left out temperature, which the upstream does not take (learned earlier)"],
    });
  });

  test("[25.4:in-stream] is repaired in a stream that the client wants as a whole", async () => {
    await using pair = await startPair();
    pair.upstream.reply(sse([unsupported]));
    pair.upstream.reply(said());
    expect((await pair.post({ ...hot, stream: false })).status).toBe(200);
    expect(pair.upstream.requests).toHaveLength(2);
  });

  test("[25.4:in-stream] two faults need two repairs, and the sends of one request end", async () => {
    await using pair = await startPair();
    pair.upstream.reply(sse([unsupported]));
    pair.upstream.reply(sse([failing("top_p is not supported")]));
    pair.upstream.reply(said());
    await (await pair.post({ ...hot, top_p: 0.9 })).text();
    const sent = pair.upstream.requests.map(({ body }) => objectOf(body));
    expect(sent.map(({ temperature, top_p }) => [temperature, top_p])).toEqual([
      [0.5, 0.9],
      [undefined, 0.9],
      [undefined, undefined],
    ]);
  });

  test("[25.4:in-stream] goes to the client when the repair does not help, or there is none", async () => {
    await using pair = await startPair();
    pair.upstream.respondWith(() => sse([unsupported]));
    expect(await readFailure(await pair.post(hot))).toEqual([
      400,
      "invalid_request_error",
      "Unsupported parameter: 'temperature' is not supported with this model.",
    ]);
    expect(pair.upstream.requests).toHaveLength(2);
    pair.upstream.respondWith(() => sse([failing("busy", 429)]));
    expect((await readFailure(await pair.post(hot)))[0]).toBe(429);
    expect(pair.upstream.requests).toHaveLength(3);
  });

  test("[25.4:in-stream] behind a text is not repaired", async () => {
    await using pair = await startPair();
    pair.upstream.reply(sse([chunk({ content: "so far" }), unsupported]));
    expect(await (await pair.post(hot)).text()).toContain("event: error");
    expect(pair.upstream.requests).toHaveLength(1);
  });

  test("[25.4:in-stream] behind a whole answer's head is repaired as well", async () => {
    await using pair = await startPair();
    pair.upstream.reply(json(unsupported));
    pair.upstream.reply(said());
    expect((await pair.post(hot)).status).toBe(200);
  });
});

const notCalled = () => {
  throw new Error("requests are built by the test");
};

/** As much of a wire as sending a request needs. */
const protocol: Protocol<ResponsesRequest, ToyItem, ResponsesRepair> = {
  ...toyProtocol,
  build: notCalled,
  buildInParts: notCalled,
  isStreamed: () => false,
  listParts: listRequestParts,
  repairs: responsesRepairs,
};

/** Sends a responses request to an upstream that refuses in this order, and then answers. */
async function sendResponses(
  refusals: readonly UpstreamError[],
  build: (recovery: Recovery) => ResponsesRequest,
  profile = profileAt(),
) {
  const bodies: ResponsesRequest[] = [];
  const { plan } = translateRequest(
    { model: "m", max_tokens: 99, messages: [] },
    { model: "m", profile, maxOutputTokens: 99 },
  );
  const builtBy = (recovery: Recovery) => ({ body: build(recovery), plan, dropped: [], mended: [] });
  const memory: Pick<UpstreamMemory, "learnContextWindow"> = { learnContextWindow: () => {} };
  let repairs: readonly string[] = [];
  const sent = await sendWithRepairs(
    {
      protocol,
      repairs: createRepairMemory({ rules: responsesRepairs, nowMs: () => 0 }),
      send: async ({ budget }) => {
        budget.take();
        const error = refusals[bodies.length - 1];
        if (error !== undefined) throw error;
        return { kind: "whole", item: protocol.emptyAnswer, info: { upstreamRequestId: null, attempts: 1 } };
      },
    },
    {
      built: builtBy({}),
      rebuild: builtBy,
      profile,
      key: null,
      memory,
      budget: createSendBudget(),
      made: [],
      conversationId: "c",
      controller: new AbortController(),
      onSend: (body, words) => {
        bodies.push(body);
        repairs = words;
      },
    },
  );
  return { bodies, repairs, sent };
}

const call = { type: "function_call" as const, call_id: "c", name: "Read", arguments: "{}" };
const idMissing = refusal("Missing required parameter: 'input[1].id'.");
const conflicting = refusal("Conflicting authenticated continuation identities in input.");
const unread = refusal("The encrypted content gA… could not be verified.", {
  code: "invalid_encrypted_content",
});

/** A history of two turns with reasoning, built as the recovery says. */
function buildHistory({ withReasoningIds, newestReasoningOnly }: Recovery): ResponsesRequest {
  const ids = withReasoningIds === true;
  const older = blobItem("gA1", ids ? { id: "rs_1" } : {});
  const newer = blobItem("gA2", ids ? { id: "rs_2" } : {});
  return requestOf({
    input: [
      userItem("a"),
      ...(newestReasoningOnly === true ? [] : [older]),
      call,
      userItem("b"),
      newer,
      call,
    ],
    include: ["reasoning.encrypted_content"],
  });
}

const reasoningIn = ({ input }: ResponsesRequest) =>
  input.flatMap((item) => (item.type === "reasoning" ? [[item.encrypted_content, item.id]] : []));

describe("a responses request that is refused for its reasoning", () => {
  test("[25.4:blob] is sent without it, and still asks for reasoning", async () => {
    const { bodies, repairs, sent } = await sendResponses([unread], buildHistory);
    expect(bodies.map(reasoningIn)).toEqual([
      [
        ["gA1", undefined],
        ["gA2", undefined],
      ],
      [],
    ]);
    expect(bodies[1]).toEqual({ ...buildHistory({}), input: [userItem("a"), call, userItem("b"), call] });
    expect(repairs).toEqual(["left out reasoning of earlier turns, which the upstream refused"]);
    expect(sent.isRepaired).toBe(true);
  });

  test("[25.4:both] two repairs that build it again come together", async () => {
    const { bodies, repairs } = await sendResponses([idMissing, conflicting], buildHistory);
    expect(bodies.map(reasoningIn)).toEqual([
      [
        ["gA1", undefined],
        ["gA2", undefined],
      ],
      [
        ["gA1", "rs_1"],
        ["gA2", "rs_2"],
      ],
      [["gA2", "rs_2"]],
    ]);
    expect(repairs).toEqual([
      "sent reasoning with the ids it came with",
      "sent back only the reasoning since the user's last text",
    ]);
  });

  test("[25.4:id-missing] and has no ids that are known, goes without it", async () => {
    const build = () => buildHistory({});
    const { bodies } = await sendResponses([idMissing, idMissing], build);
    expect(bodies.map((body) => reasoningIn(body).length)).toEqual([2, 2, 0]);
  });
});
