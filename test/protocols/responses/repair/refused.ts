import { selectProfile } from "../../../../src/profiles/select-profile.ts";
import type {
  ReasoningItem,
  ResponsesRequest,
} from "../../../../src/protocols/responses/responses-request.ts";
import { UpstreamError } from "../../../../src/upstream/upstream-error.ts";

/** A responses request with the given fields. */
export function requestOf(fields: Partial<ResponsesRequest> = {}): ResponsesRequest {
  return { model: "m", input: [userItem("hi")], store: false, ...fields };
}

export function userItem(content: string) {
  return { type: "message" as const, role: "user" as const, content };
}

export function blobItem(blob: string, members: Partial<ReasoningItem> = {}): ReasoningItem {
  return { type: "reasoning", ...members, summary: [], encrypted_content: blob };
}

/** A refusal in OpenAI's form. */
export function refusal(message: string, members: object = {}, status = 400): UpstreamError {
  return new UpstreamError("http", `upstream.test answered ${status}`, {
    status,
    body: { error: { message, type: "invalid_request_error", ...members } },
  });
}

/** The profile with which OpenAI is asked on this wire; another address belongs to another family. */
export function profileAt(baseUrl = "https://api.openai.com/v1", model = "gpt-5.2") {
  return selectProfile({ setting: "auto", baseUrl, model, protocol: "responses" });
}
