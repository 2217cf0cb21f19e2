import { ApiError } from "../anthropic/api-error.ts";
import type { CheckedRequest } from "../anthropic/check-request.ts";
import { deepestNesting, findExcess } from "../json/exceeds-depth.ts";

/** 32 MB of values that say nothing would take the parser seconds, in which nobody else is served. */
const limits = { depth: deepestNesting, values: 1_000_000 };

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
  const excess = findExcess(text, limits);
  if (excess !== null) throw new ApiError("invalid_request_error", `body: ${describeExcess(excess)}`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ApiError("invalid_request_error", `body: not valid JSON (${reason.slice(0, 120)})`, { cause });
  }
}

/** Made when it is needed: a formatter of numbers is not for the start. */
function describeExcess(excess: keyof typeof limits): string {
  if (excess === "depth") return `nested deeper than ${limits.depth} levels`;
  return `holds more than ${limits.values.toLocaleString("en-US")} values`;
}
