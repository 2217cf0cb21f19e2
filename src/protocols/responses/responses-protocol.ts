import type { Protocol } from "../protocol.ts";
import { emptyAnswer } from "./answer/empty-answer.ts";
import { createAnswerWatch } from "./answer/no-answer.ts";
import { responsesDecoder } from "./answer/responses-decoder.ts";
import { createResponsesTranslator } from "./answer/responses-translator.ts";
import { listRequestParts } from "./count/list-request-parts.ts";
import type { ResponsesRepair } from "./repair/repair.ts";
import { responsesRepairs } from "./repair/responses-repairs.ts";
import { buildInParts, buildResponsesRequest } from "./request/build-responses-request.ts";
import type { ResponseEvent } from "./response-event.ts";
import type { ResponsesRequest } from "./responses-request.ts";

/** The Responses API. */
export const responsesProtocol: Protocol<ResponsesRequest, ResponseEvent, ResponsesRepair> = {
  path: "/responses",
  build: buildResponsesRequest,
  buildInParts,
  isStreamed: ({ stream }) => stream === true,
  listParts: listRequestParts,
  decoder: responsesDecoder,
  createWatch: createAnswerWatch,
  createTranslator: createResponsesTranslator,
  emptyAnswer,
  repairs: responsesRepairs,
};
