import type { Handler } from "hono";
import { checkCountTokensRequest } from "../../anthropic/check-request.ts";
import { buildCountedChatRequest } from "../../translate/request/build-chat-request.ts";
import type { AppDependencies } from "../app.ts";
import type { AppEnvironment } from "../middleware/request-context.ts";
import { parseRequest } from "../parse-request.ts";
import { readBody } from "../read-body.ts";

/** `POST /v1/messages/count_tokens`: counts what would be sent, after the same translation. */
export function countTokensRoute(deps: AppDependencies): Handler<AppEnvironment> {
  return async (c) => {
    const { fields, requestId, onEnd } = c.get("exchange");
    const bytes = await readBody(c, deps.admission);
    onEnd(deps.admission.enter());
    const request = await parseRequest(bytes, checkCountTokensRequest, (body) =>
      deps.logger.debugBody(requestId, "client-request", body),
    );
    const route = deps.selectRoute(request.model);
    fields.clientModel = request.model;
    fields.upstreamModel = route.model;
    const chatRequest = buildCountedChatRequest(request, {
      model: route.model,
      profile: route.profile,
      maxOutputTokens: deps.config.maxOutputTokens,
    });
    const { tokens } = await deps.tokens.countChatRequest(chatRequest);
    fields.inputTokens = tokens;
    const isManaged = request.context_management != null;
    return c.json({
      input_tokens: tokens,
      ...(isManaged ? { context_management: { original_input_tokens: tokens } } : {}),
    });
  };
}
