import type { UpstreamErrorContext } from "../../src/translate/failures/map-upstream-error.ts";

/** What is known where an error is mapped: an upstream that has answered before, and nothing of its model. */
export const errorContext: UpstreamErrorContext = {
  model: "vendor/model",
  modelSetting: "BIG_MODEL_NAME",
  baseUrl: "https://upstream.test/v1",
  protocol: "chat",
  isProtocolFixed: false,
  pullCommand: null,
  hasAnswered: true,
  estimatedInputTokens: null,
  contextWindow: null,
};
