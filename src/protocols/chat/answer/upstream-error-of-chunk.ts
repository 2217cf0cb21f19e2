import { isJsonObject, type JsonObject } from "../../../json/json-value.ts";
import { UpstreamError } from "../../../upstream/upstream-error.ts";
import type { ChatChunk } from "../chat-response.ts";

/**
 * The error inside a chunk or a completion that came with a status of success, or null (rule 5.4). It is at
 * the top level, as an object or a string, or at the first choice (OpenRouter). Where there is no choice it may be of
 * any type, or be told by `success: false`; MiniMax has a member of its own for it. Its status is 200: what it stands
 * for is in its body, which has the members that bodies of failed requests have.
 */
export function upstreamErrorOfChunk(chunk: ChatChunk): UpstreamError | null {
  if (saysSomething(chunk.error)) return errorInside(chunk);
  const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
  if (choice === undefined) return failureInstead(chunk);
  if (!isJsonObject(choice) || !saysSomething(choice["error"])) return null;
  return errorInside({ error: choice["error"] });
}

/** An error of a type that would say nothing beside a choice: `error: true`, `error: 5`, `error: ["bad"]`. */
function failureInstead(chunk: ChatChunk): UpstreamError | null {
  const { error, success } = chunk;
  const isError = Array.isArray(error) ? error.length > 0 : !isJsonObject(error) && Boolean(error);
  return success === false || isError ? errorInside(chunk) : minimaxFailure(chunk.base_resp);
}

/** MiniMax's older form, which it also sends with a status of success: `{base_resp: {status_code, status_msg}}`. */
function minimaxFailure(outcome: unknown): UpstreamError | null {
  if (!isJsonObject(outcome)) return null;
  const { status_code: code, status_msg: message } = outcome;
  return typeof code === "number" && code !== 0 ? errorInside({ error: { code, message } }) : null;
}

/** Some servers send `error: null`, `""` or `{}` with every good answer. */
function saysSomething(error: unknown): boolean {
  if (error === undefined || error === null) return false;
  return isJsonObject(error) ? Object.keys(error).length > 0 : typeof error === "string" && error !== "";
}

/** An error reported by a body whose status said success. */
export function errorInside(body: ChatChunk | JsonObject | string): UpstreamError {
  return new UpstreamError("http", "The upstream reported an error inside its answer", { status: 200, body });
}
