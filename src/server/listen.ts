import type { Config } from "../config/config.ts";
import { apiErrorOf } from "../relay/report-thrown.ts";
import { ListenError } from "./listen-error.ts";
import { randomId } from "./random-id.ts";
import { renderError } from "./render-error.ts";

/**
 * Listens on the configured address.
 * @param fetch answers each request
 * @throws ListenError when that cannot be
 */
export async function listen(
  { host, port }: Config,
  fetch: (request: Request, server: Bun.Server<undefined>) => Response | Promise<Response>,
): Promise<Bun.Server<undefined>> {
  try {
    // Our own middleware limits bodies: Bun's own limit answers without a body.
    return Bun.serve({
      hostname: host,
      port,
      fetch,
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      // Bun's error page would show source code and folders; errors that arrive here were thrown outside the app.
      development: false,
      // Otherwise, outside development, Bun lets two servers share a port: each would get half the requests.
      reusePort: false,
      error: (thrown) => renderError(apiErrorOf(thrown), randomId("req"), null),
    });
  } catch (cause) {
    // Loaded only here: a successful start does not need it.
    const { resolvesHost } = await import("./resolves-host.ts");
    if (!(await resolvesHost(host))) {
      throw new ListenError(
        "ENOTFOUND",
        `cannot listen on ${host}:${port}: no address is known for it`,
        cause,
      );
    }
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ListenError(code, `cannot listen on ${host}:${port}: ${reason}`, cause);
  }
}
