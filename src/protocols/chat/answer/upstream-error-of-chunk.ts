import { isJsonObject } from "../../../json/json-value.ts";
import { errorInside, saysError } from "../../../translate/answer/answer-failures.ts";
import type { UpstreamError } from "../../../upstream/upstream-error.ts";
import type { ChatChunk } from "../chat-response.ts";

/**
 * The error inside a chunk or a completion with a success status, or null (rule 5.4). It is at the top level, as an
 * object or a string, or in the first choice (OpenRouter). Without a choice it may have any type, or be reported by
 * `success: false`; MiniMax has a member of its own for it. Its status is 200: the real status is in its body, which
 * has the same members as the bodies of failed requests.
 */
export function upstreamErrorOfChunk(chunk: ChatChunk): UpstreamError | null {
  if (saysError(chunk.error)) return errorInside(chunk);
  const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
  if (choice === undefined) return failureInstead(chunk);
  if (!isJsonObject(choice) || !saysError(choice["error"])) return null;
  return errorInside({ error: choice["error"] });
}

/** An error of a type that would mean nothing beside a choice: `error: true`, `error: 5`, `error: ["bad"]`. */
function failureInstead(chunk: ChatChunk): UpstreamError | null {
  const { error, success } = chunk;
  const isError = Array.isArray(error) ? error.length > 0 : !isJsonObject(error) && Boolean(error);
  return success === false || isError ? errorInside(chunk) : minimaxFailure(chunk.base_resp);
}

/** MiniMax's older form, which it also sends with a success status: `{base_resp: {status_code, status_msg}}`. */
function minimaxFailure(outcome: unknown): UpstreamError | null {
  if (!isJsonObject(outcome)) return null;
  const { status_code: code, status_msg: message } = outcome;
  return typeof code === "number" && code !== 0 ? errorInside({ error: { code, message } }) : null;
}
