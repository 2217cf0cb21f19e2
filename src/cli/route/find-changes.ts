import { ApiError } from "../../anthropic/api-error.ts";
import type { UpstreamSettings } from "../../config/upstream-settings.ts";
import { buildChatRequest } from "../../protocols/chat/request/build-chat-request.ts";
import { buildResponsesRequest } from "../../protocols/responses/request/build-responses-request.ts";
import type { ModelRoute } from "../../routing/route.ts";
import { readCountedRequest } from "../../translate/conversation/read-counted-request.ts";
import { readRequest } from "../../translate/conversation/read-request.ts";
import { editPassedBody } from "./edit-passed-body.ts";
import type { GivenRequest } from "./parse-messages-request.ts";
import type { RequestChanges } from "./route-report.ts";

/** Where a request would be sent. */
export interface ChangeTarget {
  readonly settings: UpstreamSettings;
  readonly route: ModelRoute;
  readonly maxOutputTokens: number;
}

/** What becomes of a request on its way to a target; the same code changes it when a proxy sends it. */
export async function findChanges(given: GivenRequest, target: ChangeTarget): Promise<RequestChanges> {
  const { settings, route } = target;
  // Their values may be secrets.
  const fromFile = Object.keys(settings.body);
  if (route.profile.protocol === "anthropic") {
    const { dropped, mended } = await editPassedBody(given, { baseUrl: settings.baseUrl, ...route });
    return { passedOn: true, dropped, mended, fromFile, refused: null };
  }
  try {
    const { dropped, mended } = translate(given, target);
    return { passedOn: false, dropped, mended, fromFile, refused: null };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { passedOn: false, dropped: [], mended: [], fromFile, refused: error.message };
  }
}

function translate(
  { path, request }: GivenRequest,
  { route: { model, profile }, maxOutputTokens }: ChangeTarget,
): Pick<RequestChanges, "dropped" | "mended"> {
  const how = { profile, maxOutputTokens };
  const build = profile.protocol === "chat" ? buildChatRequest : buildResponsesRequest;
  const asked = path === "messages" ? readRequest(request, how) : readCountedRequest(request, how);
  return build(asked, { model, profile });
}
