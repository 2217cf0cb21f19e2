import type { Handler } from "hono";
import { createMessageAccumulator } from "../../anthropic/accumulate-message.ts";
import { checkMessagesRequest } from "../../anthropic/check-request.ts";
import type { Message } from "../../anthropic/message.ts";
import { findRequestKind } from "../../anthropic/request-kind.ts";
import {
  type BuildOptions,
  buildChatRequest,
  buildInParts,
} from "../../protocols/chat/request/build-chat-request.ts";
import type { Exchange } from "../../relay/exchange.ts";
import { createModelWarner } from "../../relay/model-warner.ts";
import { type OpenedAnswer, openAnswer } from "../../relay/open-answer.ts";
import { createOwnKeys } from "../../relay/own-keys.ts";
import { findSessionId } from "../../translate/conversation/find-session-id.ts";
import { runSteps } from "../../turns/run-steps.ts";
import { largeBodyBytes, runNow } from "../../turns/turns.ts";
import type { AppDependencies } from "../app.ts";
import { buildEventStreamResponse } from "../event-stream-response.ts";
import type { AppEnvironment } from "../middleware/request-context.ts";
import { parseRequest } from "../parse-request.ts";
import { readBody } from "../read-body.ts";
import { explainThrown } from "../render-error.ts";

/** Tells which model of the upstream answered; the body names the one that was asked for (rule 3.1). */
const modelHeader = "x-upstream-model";

/** Claude Code 1.0.56 showed twice the tokens; 2.0.77 does not. */
const addingClient = /^claude-cli\/1\./;

/**
 * `POST /v1/messages`: parse, select the route, build the chat request, send it, and tell the answer as a
 * stream or whole. Only the body's `stream` decides which: clients ask for a stream with any `Accept`.
 */
export function messagesRoute(deps: AppDependencies): Handler<AppEnvironment> {
  const warnOfUnknownModel = createModelWarner(deps.logger);
  const keys = createOwnKeys(deps.config);
  return async (c) => {
    const exchange = c.get("exchange");
    const bytes = await readBody(c, deps);
    // Not before: a client that sends its body drop by drop would take the place of one that is ready.
    exchange.onEnd(deps.admission.enter());
    const isLarge = bytes.byteLength > largeBodyBytes;
    const runStep = isLarge ? deps.takeTurn : runNow;
    const onBody = (body: unknown) => deps.logger.debugBody(exchange.requestId, "client-request", body);
    const request = await parseRequest(bytes, checkMessagesRequest, onBody, runStep);
    const route = deps.selectRoute(request.model);
    warnOfUnknownModel(request.model, route);
    exchange.fields.kind = findRequestKind(request);
    exchange.fields.clientModel = request.model;
    exchange.fields.upstreamModel = route.model;
    exchange.fields.stream = request.stream === true;
    exchange.fields.sessionId = c.req.header("x-claude-code-session-id") ?? findSessionId(request);

    const { model, profile } = route;
    const how: BuildOptions = { model, profile, maxOutputTokens: deps.config.maxOutputTokens };
    const build = (recovery = {}) => buildChatRequest(request, { ...how, ...recovery });
    const built = isLarge ? await runSteps(buildInParts(request, how), runStep) : build();
    exchange.fields.dropped = built.dropped;
    exchange.fields.repairs = built.repairs;
    // From here on the upstream sets the pace, within limits that are the upstream client's. A stream is never
    // silent for long: a connection on which nothing moves is one whose client takes nothing.
    const { clientIdleSeconds } = deps.pace;
    const headers = { [modelHeader]: toHeaderText(route.model) };
    const isStream = request.stream === true;
    c.env.setIdleSeconds(c.req.raw, isStream ? clientIdleSeconds : 0);
    const answer = openAnswer({
      deps,
      keys,
      filterEvents: keys.createEventFilter(bytes),
      exchange,
      route,
      built,
      rebuild: build,
      addsUsage: addingClient.test(c.req.header("user-agent") ?? ""),
      clientSignal: c.req.raw.signal,
      asksForNothing: request.max_tokens === 0,
      runStep: isLarge ? deps.takeTurn : null,
    });
    if (!isStream) {
      const message = await readWhole(answer).finally(() =>
        c.env.setIdleSeconds(c.req.raw, clientIdleSeconds),
      );
      return c.json(message, 200, headers);
    }
    const response = await streamAnswer(answer, deps, exchange, headers);
    c.set("endsByItself", true);
    return response;
  };
}

/** The client may name any model of the upstream, in letters that no header can hold. */
function toHeaderText(model: string): string {
  return model.replace(/[^\x21-\x7e]/g, "?");
}

/** Throws the ApiError of an answer that fails before its head. */
async function streamAnswer(
  answer: OpenedAnswer,
  { pace, logger }: AppDependencies,
  exchange: Exchange,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  try {
    return await buildEventStreamResponse({
      ...answer,
      headers,
      requestId: exchange.requestId,
      elapsedMs: exchange.elapsedMs(),
      pace,
      onFirstByte: exchange.noteFirstByte,
      onEnd: (how, events) => {
        exchange.fields.events = events;
        answer.finish(how);
        exchange.end();
      },
      onFailure: (thrown) => explainThrown(thrown, { logger, requestId: exchange.requestId }),
    });
  } catch (thrown) {
    throw answer.fail(thrown);
  }
}

/** The events folded into one message. Throws the ApiError of an answer that fails. */
async function readWhole(answer: OpenedAnswer): Promise<Message | null> {
  const accumulator = createMessageAccumulator();
  try {
    for (;;) {
      const events = await answer.reader.read();
      if (events === null) break;
      accumulator.add(events);
    }
  } catch (thrown) {
    throw answer.fail(thrown);
  }
  answer.finish({ kind: "whole" });
  return accumulator.message;
}
