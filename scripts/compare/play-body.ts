import { chunk } from "../../test/support/chunks.ts";
import { json, type Reply, sse } from "../../test/support/reply.ts";
import { hello } from "../../test/support/start-pair.ts";
import type { Exchange } from "./exchange.ts";

export interface NamedBody {
  name: string;
  /** Text is sent as it is. */
  body: object | string;
}

/** A charge of nothing teaches nothing: what is learned of charges is learned in pauses, and those differ. */
const usage = { prompt_tokens: 0, completion_tokens: 1 };
const wholeAnswer = json({
  id: "gen-1",
  choices: [{ index: 0, message: { role: "assistant", content: "ok" }, finish_reason: "stop" }],
  usage,
});
const streamedAnswer = sse([chunk({ role: "assistant", content: "ok" }), { ...chunk({}, "stop"), usage }]);

function answerPlainly(asksForStream: boolean): Reply {
  return asksForStream ? streamedAnswer : wholeAnswer;
}

/** The first exchanges of each lane: they wake the tokenizer, which answers a guess as long as it sleeps. */
export function* warmUp(): Generator<Exchange> {
  yield* playBody({ name: "warm-up", body: hello });
}

/**
 * Counted first: then the estimate that the answer begins with is a count, and no guess that depends on how long the
 * count takes.
 */
export function* playBody(named: NamedBody, reply: Exchange["reply"] = answerPlainly): Generator<Exchange> {
  yield countBody(named);
  yield* playCounted(named, reply);
}

/** Asks for the count alone. */
export function countBody(named: NamedBody): Exchange {
  return post(named, "count", {}, answerPlainly);
}

/** A body that was counted before in this lane. */
export function* playCounted(named: NamedBody, reply: Exchange["reply"]): Generator<Exchange> {
  yield post(named, "streamed", { stream: true }, reply);
  if (typeof named.body !== "string") yield post(named, "whole", { stream: false }, reply);
}

/** Asks in one of the two ways, which differ in little that depends on the rest of the body. */
export function playOneWay(
  named: NamedBody,
  isStreamed: boolean,
  reply: Exchange["reply"] = answerPlainly,
): Exchange {
  return post(named, isStreamed ? "streamed" : "whole", { stream: isStreamed }, reply);
}

function post(
  { name, body }: NamedBody,
  way: "count" | "streamed" | "whole",
  more: object,
  reply: Exchange["reply"],
): Exchange {
  return {
    name: `${name}, ${way}`,
    method: "POST",
    path: way === "count" ? "/v1/messages/count_tokens" : "/v1/messages",
    body: typeof body === "string" ? body : JSON.stringify({ ...body, ...more }),
    reply,
  };
}
