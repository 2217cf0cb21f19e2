import { ApiError } from "../anthropic/api-error.ts";
import type { CheckedRequest } from "../anthropic/check-request.ts";
import { exceedsDepth } from "../json/exceeds-depth.ts";

/** Far more than any client nests, far less than what exhausts the stack of code that walks a value. */
const deepestNesting = 500;

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Parses a request's body and checks it with `check`. `onBody` is told the body before it is checked.
 * Throws ApiError 400 that names the first field at fault in the way the real API does: `messages.0.role: …`.
 */
export async function parseRequest<Request>(
  bytes: Uint8Array,
  check: (body: unknown) => Promise<CheckedRequest<Request>>,
  onBody: (body: unknown) => void,
): Promise<Request> {
  const body = parseJson(bytes);
  onBody(body);
  const result = await check(body);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => {
    const field = issue.path.join(".");
    const isMissing = issue.message.endsWith("received undefined");
    return `${field === "" ? "body" : field}: ${isMissing ? "Field required" : issue.message}`;
  });
  throw new ApiError("invalid_request_error", faults.slice(0, 5).join("; "));
}

function parseJson(bytes: Uint8Array): unknown {
  if (bytes.byteLength === 0) throw new ApiError("invalid_request_error", "body: Field required");
  let text: string;
  try {
    text = strictUtf8.decode(bytes);
  } catch (cause) {
    throw new ApiError("invalid_request_error", "body: not valid UTF-8", { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ApiError("invalid_request_error", `body: not valid JSON (${reason.slice(0, 120)})`, { cause });
  }
  if (exceedsDepth(text, deepestNesting)) {
    throw new ApiError("invalid_request_error", `body: nested deeper than ${deepestNesting} levels`);
  }
  return value;
}
