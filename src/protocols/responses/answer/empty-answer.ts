import type { ResponseEvent } from "../response-event.ts";
import { wholeAnswer } from "./whole-answer.ts";

/** The answer to a request for no output (rule 1.1, `max_tokens: 0`). */
export const emptyAnswer: ResponseEvent = wholeAnswer({
  status: "incomplete",
  incomplete_details: { reason: "max_output_tokens" },
  output: [],
  usage: { input_tokens: 0, output_tokens: 0 },
});
