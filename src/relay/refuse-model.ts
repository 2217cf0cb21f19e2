import type { ApiError } from "../anthropic/api-error.ts";
import { refuseCaller } from "../anthropic/refuse-caller.ts";
import type { ClientSettings } from "../config/file-config.ts";

/** Most characters of the id that is quoted: it comes from the client. */
const longestModel = 100;

/**
 * Creates the error for a client that may use none of the targets of its request: `permission_error`, which is not
 * tried again.
 * @param headers of the request
 * @param model the id that the client asked for
 */
export function refuseModel(headers: Headers, client: ClientSettings, model: string): ApiError {
  const told = model.length <= longestModel ? model : `${model.slice(0, longestModel - 1)}…`;
  const allowed = client.models ?? [];
  const mayUse = allowed.length === 0 ? "none" : allowed.join(", ");
  return refuseCaller(
    headers,
    "permission_error",
    `model: the client ${client.name} may not use ${told} here. It may use: ${mayUse}.`,
  );
}
