import type { Handler } from "hono";
import type { AppEnvironment } from "../middleware/request-context.ts";

/** One path of the server. */
export interface Route {
  readonly path: string;
  readonly method: "GET" | "POST";
  /** The check of client keys lets anybody ask: the answer reveals nothing and costs nothing, or the route checks itself. */
  readonly isOpen: boolean;
  /** Clients request it below their base URL, which may be a wrong one. */
  readonly isBelowBaseUrl: boolean;
  readonly handler: Handler<AppEnvironment>;
}
