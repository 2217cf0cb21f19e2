import type { ProfileId } from "../../../../src/profiles/profile-ids.ts";
import { selectProfile } from "../../../../src/profiles/select-profile.ts";
import type { ChatRequest } from "../../../../src/protocols/chat/chat-request.ts";
import { UpstreamError } from "../../../../src/upstream/upstream-error.ts";

/** A chat request with the given fields. */
export function requestOf(fields: Partial<ChatRequest> = {}): ChatRequest {
  return { model: "m", messages: [{ role: "user", content: "hi" }], ...fields };
}

export const readTool = {
  type: "function" as const,
  function: { name: "Read", parameters: { type: "object", properties: { path: { type: "string" } } } },
};

/** The refusal of a request, in OpenAI's form. */
export function refusal(message: string, status = 400, members: object = {}): UpstreamError {
  return new UpstreamError("http", `upstream.test answered ${status}`, {
    status,
    body: { error: { message, ...members } },
  });
}

/** The profile of a model at a family's own server. */
export function profileOf(id: ProfileId, model = "m") {
  return selectProfile({ setting: id, baseUrl: "http://upstream.test/v1", model });
}
