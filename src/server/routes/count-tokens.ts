import type { Handler } from "hono";
import { checkCountTokensRequest } from "../../anthropic/check-request.ts";
import {
  buildCountedChatRequest,
  buildCountedInParts,
} from "../../protocols/chat/request/build-chat-request.ts";
import { runSteps } from "../../turns/run-steps.ts";
import { largeBodyBytes, runNow } from "../../turns/turns.ts";
import type { AppDependencies } from "../app.ts";
import type { AppEnvironment } from "../middleware/request-context.ts";
import { parseRequest } from "../parse-request.ts";
import { readBody } from "../read-body.ts";

/** `POST /v1/messages/count_tokens`: counts what would be sent, after the same translation. */
export function countTokensRoute(deps: AppDependencies): Handler<AppEnvironment> {
  return async (c) => {
    const { fields, requestId, onEnd } = c.get("exchange");
    const bytes = await readBody(c, deps);
    onEnd(deps.admission.enter());
    const isLarge = bytes.byteLength > largeBodyBytes;
    const runStep = isLarge ? deps.takeTurn : runNow;
    const onBody = (body: unknown) => deps.logger.debugBody(requestId, "client-request", body);
    const request = await parseRequest(bytes, checkCountTokensRequest, onBody, runStep);
    const route = deps.selectRoute(request.model);
    fields.clientModel = request.model;
    fields.upstreamModel = route.model;
    const { model, profile } = route;
    const how = { model, profile, maxOutputTokens: deps.config.maxOutputTokens };
    const chatRequest = isLarge
      ? await runSteps(buildCountedInParts(request, how), runStep)
      : buildCountedChatRequest(request, how);
    const { tokens } = await runStep(() => deps.tokens.countChatRequest(chatRequest));
    fields.inputTokens = tokens;
    const isManaged = request.context_management != null;
    return c.json({
      input_tokens: tokens,
      ...(isManaged ? { context_management: { original_input_tokens: tokens } } : {}),
    });
  };
}
