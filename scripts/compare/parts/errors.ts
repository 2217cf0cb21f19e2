import { chunk } from "../../../test/support/chunks.ts";
import { json, type Reply, sse, whole } from "../../../test/support/reply.ts";
import { hello } from "../../../test/support/start-pair.ts";
import { isObject } from "../../../test/support/strict/json.ts";
import { errorFixtureNames, readErrorFixture } from "../../../test/translate/failures/error-fixture.ts";
import type { Exchange } from "../exchange.ts";
import { type Lane, lanes } from "../lane.ts";
import { countBody, playOneWay } from "../play-body.ts";

const fixtures = await Promise.all(
  errorFixtureNames.toSorted().map(async (name) => ({ name, ...(await readErrorFixture(name)) })),
);

/** Time for the count of a request that was repaired, which is not the one that was counted. */
const repairedAfterMs = 40;
const usage = { prompt_tokens: 0, completion_tokens: 1 };
const choices = [{ index: 0, message: { role: "assistant", content: "ok" }, finish_reason: "stop" }];
const repairedStream = sse([chunk({ content: "ok" }), { ...chunk({}, "stop"), usage }], {
  headDelayMs: repairedAfterMs,
});
const repairedWhole = json({ id: "gen-1", choices, usage }, { headDelayMs: repairedAfterMs });

/** A request with most of what upstreams refuse. */
const refusable = {
  ...hello,
  max_tokens: 64_000,
  temperature: 0.5,
  top_k: 5,
  stop_sequences: ["STOP"],
  system: [{ type: "text", text: "S", cache_control: { type: "ephemeral" } }],
  thinking: { type: "enabled", budget_tokens: 2000 },
  metadata: { user_id: "user_a_account__session_0f2b9d3c-1111-4222-8333-944445555666" },
  tools: [
    {
      name: "Read",
      description: "D",
      input_schema: {
        type: "object",
        properties: { p: { type: "string", pattern: "^(?!a)b", format: "uri" } },
      },
    },
  ],
  tool_choice: { type: "any" },
};

/**
 * Errors of all vendors in every lane, for as long as the program asks, and once before an answer. What is streamed in
 * one lane is whole in the next.
 */
export function* listErrors(lane: Lane): Generator<Exchange> {
  yield countBody({ name: "what is refused", body: hello });
  yield countBody({ name: "what is repaired", body: refusable });
  for (const [index, { name, status, headers, body }] of fixtures.entries()) {
    const isStreamed = (index + lanes.indexOf(lane)) % 2 === 0;
    const refusal = whole(body, { status, headers });
    yield playOneWay({ name, body: hello }, isStreamed, () => refusal);
    if (status === 200 && isObject(body))
      yield playOneWay({ name: `${name}, as an event`, body: hello }, isStreamed, () => sse([body]));
    const helps = (asksForStream: boolean, attempt: number): Reply => {
      if (attempt === 0) return refusal;
      return asksForStream ? repairedStream : repairedWhole;
    };
    yield playOneWay({ name: `${name}, once`, body: refusable }, !isStreamed, helps);
  }
}
