import { isJsonObject } from "../../../json/json-value.ts";
import { createWatch } from "../../../translate/answer/answer-watch.ts";
import type { AnswerWatch } from "../../protocol.ts";
import type { ResponseEvent } from "../response-event.ts";

/** Creates the watch of one answer (rule 4.8): an answer without any event of a response is none. */
export function createAnswerWatch(): AnswerWatch<ResponseEvent> {
  return createWatch<ResponseEvent>({
    isAnswer: ({ type }) => typeof type === "string" && type.startsWith("response."),
    hasUsage,
    mayBegin: () => false,
    lacks: "output",
  });
}

/** Whether an event reports usage. */
export function hasUsage({ response }: ResponseEvent): boolean {
  return isJsonObject(response) && isJsonObject(response["usage"]);
}
