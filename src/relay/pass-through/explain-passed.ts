import {
  ApiError,
  type ApiErrorOptions,
  type ApiErrorType,
  statusOfErrorType,
} from "../../anthropic/api-error.ts";
import { isJsonObject } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";
import { readErrorBody } from "../../translate/failures/error-facts.ts";
import { mapUpstreamError } from "../../translate/failures/map-upstream-error.ts";
import { PassedFailure } from "../../upstream/passed-failure.ts";
import { UpstreamError } from "../../upstream/upstream-error.ts";
import { stoppingError } from "../explain-failure.ts";
import { nameSettings } from "../name-settings.ts";
import { reportThrown } from "../report-thrown.ts";
import type { PassCall, PassDependencies } from "./pass-call.ts";
import { pickPassedHeaders } from "./passed-headers.ts";

/** The request whose failures are explained. */
export interface FailingPass extends Pick<PassCall, "exchange" | "route" | "modelSetting"> {
  /** Null if nothing but the end of the server gives the call up. */
  clientSignal: AbortSignal | null;
}

/**
 * Creates the function that converts anything that passing on threw to the error for the client: the upstream's own
 * answer if it sent one. It never throws.
 */
export function createPassExplainer(
  { config, settings, memory, logger }: Pick<PassDependencies, "config" | "settings" | "memory" | "logger">,
  { exchange, route, modelSetting, clientSignal }: FailingPass,
): (thrown: unknown) => ApiError {
  const { requestId, fields } = exchange;
  const { model, profile } = route;
  const { name, baseUrl, passesClientKey } = settings;
  const report = (thrown: unknown) => reportThrown(thrown, { logger, requestId });
  const explain = (thrown: unknown): ApiError => {
    if (!(thrown instanceof UpstreamError)) return report(thrown);
    exchange.noteSendFailure(thrown);
    if (thrown.kind === "aborted" && clientSignal?.aborted !== true) return stoppingError(thrown);
    fields.phase = thrown.phase ?? null;
    if (thrown instanceof PassedFailure) {
      fields.upstreamRequestId = thrown.raw.headers.get("request-id");
      return passedError(thrown, passesClientKey);
    }
    const error = mapUpstreamError(thrown, {
      model,
      modelSetting,
      baseUrl,
      protocol: "anthropic",
      isProtocolFixed: true,
      pullCommand: profile.traits.answer.pullCommand,
      hasAnswered: memory.hasAnswered(),
      estimatedInputTokens: null,
      contextWindow: null,
    });
    return config.file === null ? error : nameSettings(error, name);
  };
  return (thrown) => {
    try {
      return explain(thrown);
    } catch (failure) {
      return report(failure);
    }
  };
}

function passedError(failure: PassedFailure, isOwnAccount: boolean): ApiError {
  const { status = 500, raw, body } = failure;
  const { text, names } = readErrorBody(body);
  const event = parseJson(new TextDecoder().decode(raw.body));
  const isAnthropicForm = isJsonObject(event) && event["type"] === "error" && isJsonObject(event["error"]);
  return new ApiError(typeOf(names, status), text === "" ? failure.message : text, {
    status,
    headers: readRetryHeaders(raw.headers),
    passed: {
      body: raw.body,
      headers: pickPassedHeaders(raw.headers, isOwnAccount),
      event: isAnthropicForm ? event : null,
    },
    cause: failure,
  });
}

/** For an error of ours that is made of this one, such as one that says what else was tried. */
function readRetryHeaders(headers: Headers): ApiErrorOptions["headers"] & object {
  const retryAfter = headers.get("retry-after");
  const shouldRetry = headers.get("x-should-retry");
  return {
    ...(retryAfter === null ? {} : { "retry-after": retryAfter }),
    ...(shouldRetry === "true" || shouldRetry === "false" ? { "x-should-retry": shouldRetry } : {}),
  };
}

/** The type for the record: the upstream's own if we know it, else that of the status. */
function typeOf(names: readonly string[], status: number): ApiErrorType {
  const types = Object.keys(statusOfErrorType).filter(isErrorType);
  const ofStatus = types.find((type) => statusOfErrorType[type] === status);
  return (
    types.find((type) => names.includes(type)) ??
    ofStatus ??
    (status < 500 ? "invalid_request_error" : "api_error")
  );
}

function isErrorType(name: string): name is ApiErrorType {
  return name in statusOfErrorType;
}
