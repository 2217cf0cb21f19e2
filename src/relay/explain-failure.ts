import { ApiError } from "../anthropic/api-error.ts";
import type { ModelRoute } from "../routing/route.ts";
import { isProtocolFixed } from "../routing/route-model.ts";
import { mapUpstreamError } from "../translate/failures/map-upstream-error.ts";
import { UpstreamError } from "../upstream/upstream-error.ts";
import type { Exchange } from "./exchange.ts";
import type { InputEstimate } from "./input-estimate.ts";
import { nameSettings } from "./name-settings.ts";
import type { OwnKeys } from "./own-keys.ts";
import type { RelayDependencies } from "./relay-dependencies.ts";
import { reportThrown } from "./report-thrown.ts";

/** The request whose failures are explained. */
export interface FailingRequest {
  exchange: Exchange;
  route: ModelRoute;
  /** What names the model in the configuration; null if the client did. */
  modelSetting: string | null;
  /** Keeps our keys out of errors. */
  keys: Pick<OwnKeys, "redactError">;
  clientSignal: AbortSignal;
  estimate: () => InputEstimate;
}

/** Creates the function that converts anything that an answer threw to the error for the client. It never throws. */
export function createFailureExplainer(
  { config, settings, memory, logger }: Pick<RelayDependencies, "config" | "settings" | "memory" | "logger">,
  { exchange, route, modelSetting, keys, clientSignal, estimate }: FailingRequest,
): (thrown: unknown) => ApiError {
  const explain = (thrown: unknown) => reportThrown(thrown, { logger, requestId: exchange.requestId });
  const mapThrown = (thrown: unknown): ApiError => {
    if (!(thrown instanceof UpstreamError)) return explain(thrown);
    exchange.noteSendFailure(thrown);
    if (thrown.kind === "aborted" && !clientSignal.aborted) return stoppingError(thrown);
    exchange.fields.phase = thrown.phase ?? null;
    const error = mapUpstreamError(thrown, {
      model: route.model,
      modelSetting,
      baseUrl: settings.baseUrl,
      protocol: route.profile.protocol,
      isProtocolFixed: isProtocolFixed(route),
      pullCommand: route.profile.traits.answer.pullCommand,
      hasAnswered: memory.hasAnswered(),
      estimatedInputTokens: estimate().now().tokens,
      contextWindow: memory.contextWindow(route.model) ?? route.profile.traits.request.inputWindow,
    });
    const named = config.file === null ? error : nameSettings(error, settings.name);
    // Redacts here, after all decoding of upstream text. No other error contains such text.
    return keys.redactError(named);
  };
  return (thrown) => {
    try {
      return mapThrown(thrown);
    } catch (failure) {
      return explain(failure);
    }
  };
}

/** The error for answers that a stopping server gives up; a retry may reach the restarted server. */
export function stoppingError(cause: UpstreamError): ApiError {
  return new ApiError("overloaded_error", "claude-proxy is stopping; please try again", { cause });
}
