import { ApiError } from "../../anthropic/api-error.ts";
import { refuseCaller } from "../../anthropic/refuse-caller.ts";
import type { RequestCheck } from "./check-requests.ts";

/** Several `Host` headers arrive joined by commas: a server in front of us may have read another one of them. */
const isOneName = /^[^,\s]+$/;

/**
 * Keeps web pages out: a page that a person has open may call a server on that person's machine and spend its key. The
 * exact `Host` stops DNS rebinding; requests with an `Origin`, or with a `Sec-Fetch-Site` of another site, are refused;
 * a form cannot send a JSON content type. There are no CORS headers at all.
 */
export function guard(deps: { hosts: ReadonlySet<string> }): RequestCheck {
  return (c) => {
    const encoding = c.req.header("content-encoding") ?? "identity";
    const host = c.req.header("host")?.toLowerCase() ?? "";
    // guard: exact Host; without it: deps.hosts.size > 0 || isOneName.test(host)
    // guard: one Host; without it: deps.hosts.size === 0 || deps.hosts.has(host)
    const isKnown = deps.hosts.size > 0 ? deps.hosts.has(host) : isOneName.test(host);
    if (!isKnown) {
      throw refuseCaller(
        c.req.raw.headers,
        "permission_error",
        "host: claude-proxy is not called by that name. Set ANTHROPIC_BASE_URL to the address that it told when it started.",
      );
    }
    const site = c.req.header("sec-fetch-site");
    const isForeignSite = site !== undefined && site !== "none" && site !== "same-origin";
    // guard: no Origin; without it: isForeignSite
    // guard: Sec-Fetch-Site; without it: c.req.header("origin") !== undefined
    if (c.req.header("origin") !== undefined || isForeignSite) {
      throw new ApiError("permission_error", "origin: web pages may not call this server");
    }
    // guard: JSON content type
    if (c.req.method === "POST" && !isJson(c.req.header("content-type"))) {
      throw new ApiError("invalid_request_error", "content-type: expected application/json", { status: 415 });
    }
    // guard: no compressed body
    if (encoding !== "identity") {
      throw new ApiError("invalid_request_error", "content-encoding: send the body uncompressed", {
        status: 415,
      });
    }
  };
}

function isJson(contentType: string | undefined): boolean {
  return contentType?.split(";")[0]?.trim().toLowerCase() === "application/json";
}
