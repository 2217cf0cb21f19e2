import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ApiError } from "../../anthropic/api-error.ts";
import type { AppEnvironment } from "./request-context.ts";

/** Bytes; the limit of the Anthropic API. */
const largestBodyBytes = 32 * 1024 * 1024;

/** Refuses a body over 32 MB: by its announced length without reading it, else as soon as it grows over. */
export function limitBody(): MiddlewareHandler<AppEnvironment> {
  return bodyLimit({
    maxSize: largestBodyBytes,
    onError: () => {
      throw new ApiError("request_too_large", "body: larger than the 32 MB that a request may have");
    },
  });
}
