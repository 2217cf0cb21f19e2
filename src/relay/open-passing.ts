import type { ConversationRequest } from "../anthropic/messages-request.ts";
import { UnreadRequest } from "../anthropic/unread-request.ts";
import type { PassCall, PassDependencies, PassedCount } from "./pass-through/pass-call.ts";
import type { Passing } from "./pass-through/passing.ts";
import type { RelayedAnswer } from "./relayed-answer.ts";

/** What passing a request on needs. Its own part is made for the first request. */
interface PassParts extends Omit<PassDependencies, "passing"> {
  passing: () => Promise<Passing>;
}

/** With the request as the server has checked it. */
type Checked<Call extends PassedCount> = Omit<Call, "request"> & {
  request: ConversationRequest | UnreadRequest;
};

/** The code is loaded for the first request that needs it. */
const load = async () => {
  const [opening, counting] = await Promise.all([
    import("./pass-through/open-pass-through.ts"),
    import("./pass-through/count-by-pass-through.ts"),
  ]);
  return { ...opening, ...counting };
};

/** Passes a request on to an upstream of Anthropic's own wire. Throws ApiError. */
export async function openPassing(deps: PassParts, call: Checked<PassCall>): Promise<RelayedAnswer> {
  const { openPassThrough } = await load();
  const passing = await deps.passing();
  return openPassThrough({ ...deps, passing }, { ...call, request: bodyOf(call) });
}

/** The upstream's own count of a request's tokens; null if it counts none. Throws ApiError. */
export async function countPassing(deps: PassParts, call: Checked<PassedCount>): Promise<number | null> {
  const { countByPassThrough } = await load();
  const passing = await deps.passing();
  return await countByPassThrough({ ...deps, passing }, { ...call, request: bodyOf(call) });
}

function bodyOf({ request }: Pick<Checked<PassedCount>, "request">): Readonly<Record<string, unknown>> {
  return request instanceof UnreadRequest ? request.body : request;
}
