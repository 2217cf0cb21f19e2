import { messagesRequestSchema } from "../../../../src/anthropic/messages-request.ts";
import type { ProfileId } from "../../../../src/profiles/profile-ids.ts";
import { layOver, type ProfileOverrides } from "../../../../src/profiles/profile-overrides.ts";
import { selectProfile } from "../../../../src/profiles/select-profile.ts";
import type { BuiltRequest, Recovery } from "../../../../src/protocols/protocol.ts";
import type { BuildOptions } from "../../../../src/protocols/request-builder.ts";
import { buildResponsesRequest } from "../../../../src/protocols/responses/request/build-responses-request.ts";
import type { InputItem, ResponsesRequest } from "../../../../src/protocols/responses/responses-request.ts";
import { type ReadOptions, readRequest } from "../../../../src/translate/conversation/read-request.ts";
import { requestBody } from "../../chat/request/build.ts";

/** Where a test sends its request. */
export interface Target extends Recovery {
  profile?: ProfileId;
  model?: string;
  baseUrl?: string;
  overrides?: ProfileOverrides;
}

/** What a target stands for, with the profile for this wire. */
export function optionsOf(target: Target): ReadOptions & BuildOptions {
  const { profile: setting = "generic", model = "m", baseUrl, overrides = {}, ...recovery } = target;
  const address = baseUrl ?? "https://upstream.test/v1";
  const selected = selectProfile({ setting, baseUrl: address, model, protocol: "responses" });
  return { ...recovery, model, profile: layOver(selected, overrides), maxOutputTokens: 200_000 };
}

/** The built request for a request body as it comes from a client. */
export function plan(fields: object, target: Target = {}): BuiltRequest<ResponsesRequest> {
  const options = optionsOf(target);
  const request = messagesRequestSchema.parse(requestBody(fields));
  return buildResponsesRequest(readRequest(request, options), options);
}

/** The responses request as the upstream reads it. */
export function build(fields: object, target: Target = {}): ResponsesRequest {
  return JSON.parse(JSON.stringify(plan(fields, target).body));
}

/** Only the input for a conversation. */
export function input(messages: object[], target: Target = {}, fields: object = {}): InputItem[] {
  return build({ ...fields, messages }, target).input;
}
