import type { Handler } from "hono";
import { createMessageAccumulator } from "../../anthropic/accumulate-message.ts";
import { allowUnread, checkMessagesRequest } from "../../anthropic/check-request.ts";
import type { Message } from "../../anthropic/message.ts";
import { type Exchange, failoverHeaders, toHeaderText } from "../../relay/exchange.ts";
import type { RelayedAnswer } from "../../relay/relayed-answer.ts";
import { reportThrown } from "../../relay/report-thrown.ts";
import { largeBodyBytes, runNow } from "../../turns/turns.ts";
import { admitSpender } from "../admit-spender.ts";
import type { AppDependencies } from "../app-dependencies.ts";
import { describeCaller } from "../describe-caller.ts";
import { buildEventStreamResponse } from "../event-stream-response.ts";
import type { AppEnvironment } from "../middleware/request-context.ts";
import { parseRequest } from "../parse-request.ts";
import { readBody } from "../read-body.ts";
import { traceAnswerBytes } from "../trace-bytes.ts";

const checkOrPass = allowUnread(checkMessagesRequest);

/** Names the upstream's model that answered; the body names the requested one (rule 3.1). */
const modelHeader = "x-upstream-model";

/** Claude Code 1.0.56 showed twice the tokens; 2.0.77 does not. */
const addingClient = /^claude-cli\/1\./;

/**
 * `POST /v1/messages`: parses the request, relays it, and sends the answer as a stream or whole. Only `stream` in the
 * body decides which: clients ask for a stream with any `Accept`.
 */
export function messagesRoute(deps: AppDependencies): Handler<AppEnvironment> {
  return async (c) => {
    const exchange = c.get("exchange");
    const bytes = await readBody(c, deps);
    // Not before the body is read: a client that sends its body drop by drop would take the place of one that is ready.
    exchange.onEnd(deps.admission.enter());
    const isLarge = bytes.byteLength > largeBodyBytes;
    const runStep = isLarge ? deps.takeTurn : runNow;
    const onBody = (body: unknown) => deps.logger.debugBody(exchange.requestId, "client-request", body);
    const relay = await c.get("setup").loadRelay();
    const check = relay.takesUnread ? checkOrPass : checkMessagesRequest;
    const request = await parseRequest(bytes, check, onBody, runStep);
    const caller = describeCaller(c);
    const { budgets } = deps.observing;
    const { maxOutputTokens } = c.get("setup").config;
    const asking = { ...caller, bodyBytes: bytes, maxOutputTokens };
    const spending = budgets === null ? {} : await admitSpender(budgets, relay, request, asking);
    const answer = await relay.open(request, {
      ...caller,
      ...spending,
      isLarge,
      bodyBytes: bytes,
      addsUsage: addingClient.test(c.req.header("user-agent") ?? ""),
      signal: c.req.raw.signal,
    });
    // From here on the upstream sets the pace, within the limits of the upstream client. A stream is never silent for
    // long: if nothing moves on the connection, the client is not reading.
    const { clientIdleSeconds } = deps.pace;
    const headers = () => nameAnswering(exchange);
    const isStream = exchange.fields.stream === true;
    // guard: client that takes nothing; without it: c.env.setIdleSeconds(c.req.raw, 0)
    c.env.setIdleSeconds(c.req.raw, isStream ? clientIdleSeconds : 0);
    if (!isStream) {
      const whole = await readWhole(answer).finally(() => c.env.setIdleSeconds(c.req.raw, clientIdleSeconds));
      if (whole instanceof Uint8Array) {
        traceAnswerBytes(exchange.trace, whole);
        return new Response(whole, { headers: { ...headers(), ...passedHeaders(answer) } });
      }
      // As `c.json` would send it.
      const text = JSON.stringify(whole);
      traceAnswerBytes(exchange.trace, text);
      return c.body(text, 200, { "content-type": "application/json", ...headers() });
    }
    const response = await streamAnswer(answer, deps, exchange, headers);
    c.set("endsByItself", true);
    return response;
  };
}

/** The headers that name what answers, as far as it is known now. */
function nameAnswering({ fields }: Exchange): Record<string, string> {
  return { [modelHeader]: toHeaderText(fields.upstreamModel ?? ""), ...failoverHeaders(fields) };
}

/** Throws the ApiError of an answer that fails before its head was sent. */
async function streamAnswer(
  answer: RelayedAnswer,
  { pace, logger }: AppDependencies,
  exchange: Exchange,
  headers: () => Readonly<Record<string, string>>,
): Promise<Response> {
  try {
    return await buildEventStreamResponse({
      ...answer,
      headers,
      requestId: exchange.requestId,
      elapsedMs: exchange.elapsedMs(),
      pace,
      onFirstByte: exchange.noteFirstByte,
      onBytes: (bytes) => traceAnswerBytes(exchange.trace, bytes),
      onEnd: (how, events) => {
        exchange.fields.events = events;
        answer.finish(how);
        exchange.end();
      },
      onFailure: (thrown) => reportThrown(thrown, { logger, requestId: exchange.requestId }),
    });
  } catch (thrown) {
    throw answer.fail(thrown);
  }
}

/**
 * Folds the events into one message, or joins the bytes of an answer that is passed on. Throws the ApiError of an
 * answer that fails.
 */
async function readWhole(answer: RelayedAnswer): Promise<Message | Buffer<ArrayBuffer> | null> {
  const accumulator = createMessageAccumulator();
  const passed: Uint8Array[] = [];
  try {
    for (;;) {
      const piece = await answer.reader.read();
      if (piece === null) break;
      if (piece instanceof Uint8Array) passed.push(piece);
      else accumulator.add(piece);
    }
  } catch (thrown) {
    throw answer.fail(thrown);
  }
  answer.finish({ kind: "whole" });
  return passed.length > 0 ? Buffer.concat(passed) : accumulator.message;
}

function passedHeaders({ reader }: RelayedAnswer): Readonly<Record<string, string>> {
  return reader.passed?.headers ?? {};
}
