import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import type { ChatChunk } from "./chat-response.ts";
import { UpstreamError } from "./upstream-error.ts";

/**
 * The error inside a chunk or a completion that came with a status of success, or null (rule 5.4). It is at
 * the top level, as an object or a string, or at the first choice (OpenRouter). Its status is 200: what it
 * stands for is in its body, which has the `error` member that bodies of failed requests have.
 */
export function upstreamErrorOfChunk(chunk: ChatChunk): UpstreamError | null {
  if (saysSomething(chunk.error)) return errorInside(chunk);
  const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
  if (!isJsonObject(choice) || !saysSomething(choice["error"])) return null;
  return errorInside({ error: choice["error"] });
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
