import { ApiError } from "../../anthropic/api-error.ts";
import { refuseCaller } from "../../anthropic/refuse-caller.ts";
import type { RequestLimits } from "../clients/request-limits.ts";
import type { RequestCheck } from "./check-requests.ts";

/**
 * Admits requests with the key of a client, within the client's limit of requests, and notes whose they are.
 * @param deps.requestLimits null if no client can have a limit
 * @param isOpen whether anybody may ask at a path
 */
export function authenticate(
  deps: { requestLimits: RequestLimits | null },
  isOpen: (path: string) => boolean,
): RequestCheck {
  return (c) => {
    const check = c.get("setup").clientCheck;
    if (check === null) return;
    const client = check.find((name) => c.req.header(name));
    if (check.hasNames) c.get("exchange").fields.client = client?.name ?? null;
    // guard: client key
    if (client === null && !isOpen(c.req.path)) {
      if (check.isWaiting) throw refuseForNow();
      throw refuseCaller(c.req.raw.headers, "authentication_error", check.refusal);
    }
    if (client === null) return;
    c.set("client", client);
    // A count costs no answer, and a starting Claude Code asks for up to 25 at once.
    if (c.req.method === "POST" && c.req.path.endsWith("/messages")) deps.requestLimits?.admit(client);
  };
}

/** Clients send such a request again, by which time the database may have answered. */
function refuseForNow(): ApiError {
  return new ApiError(
    "api_error",
    "claude-proxy: its clients are in the shared database, which has not answered since the start. Try again soon.",
    { status: 503, headers: { "retry-after": "2" } },
  );
}
