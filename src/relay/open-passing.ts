import type { ConversationRequest } from "../anthropic/messages-request.ts";
import { UnreadRequest } from "../anthropic/unread-request.ts";
import type { PassCall, PassDependencies, PassedCount } from "./pass-through/pass-call.ts";
import type { Passing } from "./pass-through/passing.ts";
import type { RelayedAnswer } from "./relayed-answer.ts";

/** What passing a request on needs. Its own part is made for the first request. */
interface PassParts extends Omit<PassDependencies, "passing"> {
  passing: () => Passing | Promise<Passing>;
}

/** With the request as the server has checked it. */
type Checked<Call extends PassedCount> = Omit<Call, "request"> & {
  request: ConversationRequest | UnreadRequest;
};

type OpenPassThrough = typeof import("./pass-through/open-pass-through.ts").openPassThrough;

/** The code is loaded for the first request that needs it. From then on it is at hand: every `import` takes a turn. */
let openPassThrough: OpenPassThrough | null = null;

/** Passes a request on to an upstream of Anthropic's own wire. Throws ApiError. */
export function openPassing(
  deps: PassParts,
  call: Checked<PassCall>,
): RelayedAnswer | Promise<RelayedAnswer> {
  const passing = deps.passing();
  if (openPassThrough === null || passing instanceof Promise) return openFirst(deps, call);
  return openPassThrough({ ...deps, passing }, { ...call, request: bodyOf(call) });
}

async function openFirst(deps: PassParts, call: Checked<PassCall>): Promise<RelayedAnswer> {
  ({ openPassThrough } = await import("./pass-through/open-pass-through.ts"));
  const passing = await deps.passing();
  return openPassThrough({ ...deps, passing }, { ...call, request: bodyOf(call) });
}

/** The upstream's own count of a request's tokens; null if it counts none. Throws ApiError. */
export async function countPassing(deps: PassParts, call: Checked<PassedCount>): Promise<number | null> {
  const { countByPassThrough } = await import("./pass-through/count-by-pass-through.ts");
  const passing = await deps.passing();
  return await countByPassThrough({ ...deps, passing }, { ...call, request: bodyOf(call) });
}

function bodyOf({ request }: Pick<Checked<PassedCount>, "request">): Readonly<Record<string, unknown>> {
  return request instanceof UnreadRequest ? request.body : request;
}
