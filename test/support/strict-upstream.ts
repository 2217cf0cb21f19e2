import type { ProfileId } from "../../src/profiles/profile-ids.ts";
import { type Answer, chunksOf, completionOf } from "./chunks.ts";
import { json, type Reply, sse, status } from "./reply.ts";
import { isObject, type Json } from "./strict/json.ts";
import { findViolations } from "./strict-rules.ts";
import { startUpstream, type Upstream } from "./upstream.ts";

/** What a model says to a chat request; a reply instead where the server answers for it. */
export type Model = (chatRequest: Json) => Answer | Reply;

export interface StrictUpstream extends Upstream {
  /** Everything that was refused, in the order it came. */
  violations: string[];
}

/**
 * Starts an upstream that reads every chat request as severely as the servers of `family`, refuses it in their
 * words, and lets `model` answer the rest, whole or streamed as was asked.
 */
export async function startStrictUpstream(family: ProfileId, model: Model): Promise<StrictUpstream> {
  const upstream = await startUpstream();
  const violations: string[] = [];
  upstream.respondWith(({ method, path, body }) => {
    if (method !== "POST" || path !== "/v1/chat/completions") {
      violations.push(`${method} ${path}`);
      return status(404, { error: { message: `no such endpoint: ${method} ${path}` } });
    }
    const found = findViolations(body, family);
    if (found.length > 0 || !isObject(body)) {
      violations.push(...found);
      return status(400, buildRefusal(family, found.join("; ")));
    }
    const answer = model(body);
    if ("head" in answer) return answer;
    return body["stream"] === true ? sse(chunksOf(answer)) : json(completionOf(answer));
  });
  return { ...upstream, violations };
}

/** The body of a 400 as the family's servers write it. */
export function buildRefusal(family: ProfileId, message: string): object {
  switch (family) {
    case "openrouter":
      return { error: { code: 400, message } };
    case "gemini":
      return [{ error: { code: 400, message, status: "INVALID_ARGUMENT" } }];
    case "mistral":
      return { object: "error", message, type: "invalid_request_error", param: null, code: "3051" };
    case "glm":
      return { error: { code: "1214", message } };
    case "minimax":
      return {
        type: "error",
        error: { type: "bad_request_error", message: `${message} (2013)`, http_code: "400" },
      };
    case "xai":
      return { code: "Client specified an invalid argument", error: message };
    case "lmstudio":
      return { error: message };
    default:
      return { error: { message, type: "invalid_request_error", param: null, code: null } };
  }
}
