import type { Handler } from "hono";
import { allowUnread, checkCountTokensRequest } from "../../anthropic/check-request.ts";
import { UnreadRequest } from "../../anthropic/unread-request.ts";
import { largeBodyBytes, runNow } from "../../turns/turns.ts";
import type { AppDependencies } from "../app-dependencies.ts";
import { describeCaller } from "../describe-caller.ts";
import type { AppEnvironment } from "../middleware/request-context.ts";
import { parseRequest } from "../parse-request.ts";
import { readBody } from "../read-body.ts";
import { traceAnswerBytes } from "../trace-bytes.ts";

const checkOrPass = allowUnread(checkCountTokensRequest);

/**
 * `POST /v1/messages/count_tokens`: counts the tokens of the request that would be sent, after the same translation.
 */
export function countTokensRoute(deps: AppDependencies): Handler<AppEnvironment> {
  return async (c) => {
    const exchange = c.get("exchange");
    const bytes = await readBody(c, deps);
    exchange.onEnd(deps.admission.enter());
    const isLarge = bytes.byteLength > largeBodyBytes;
    const runStep = isLarge ? deps.takeTurn : runNow;
    const onBody = (body: unknown) => deps.logger.debugBody(exchange.requestId, "client-request", body);
    const relay = await c.get("setup").loadRelay();
    const check = relay.takesUnread ? checkOrPass : checkCountTokensRequest;
    const request = await parseRequest(bytes, check, onBody, runStep);
    // A large prompt may take long on a busy machine, and nothing moves on the connection meanwhile.
    c.env.setIdleSeconds(c.req.raw, 0);
    const tokens = await relay
      .count(request, { ...describeCaller(c), isLarge, bodyBytes: bytes })
      .finally(() => c.env.setIdleSeconds(c.req.raw, deps.pace.clientIdleSeconds));
    const { context_management: edits } = request instanceof UnreadRequest ? request.body : request;
    const isManaged = edits != null;
    const text = JSON.stringify({
      input_tokens: tokens,
      ...(isManaged ? { context_management: { original_input_tokens: tokens } } : {}),
    });
    traceAnswerBytes(exchange.trace, text);
    return c.body(text, 200, { "content-type": "application/json" });
  };
}
