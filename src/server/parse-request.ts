import { ApiError } from "../anthropic/api-error.ts";
import { type CheckedRequest, requestFault } from "../anthropic/check-request.ts";
import { deepestNesting, findExcess } from "../json/find-excess.ts";
import { quoteNumbers } from "../json/long-numbers.ts";
import { runAtOnce, runSteps, type StepRunner } from "../turns/run-steps.ts";
import { largeBodyBytes, runNow } from "../turns/turns.ts";
import { listInexactCalls, restoreCalls } from "./keep-long-numbers.ts";
import { parseLargeJson } from "./parse-large-json.ts";

/**
 * Without these limits, 32 MB of meaningless values would occupy the parser for seconds, while nobody else is served.
 * The longest conversations of an agent have a tenth as many values.
 */
export const jsonLimits = {
  // guard: JSON depth; without it: Number.POSITIVE_INFINITY
  depth: deepestNesting,
  // guard: number of JSON values; without it: Number.POSITIVE_INFINITY
  values: 500_000,
};

// guard: fatal UTF-8; without it: new TextDecoder("utf-8")
const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Parses a request's body and checks it with `check`. `onBody` receives the body before the check; `runStep` decides
 * when the parts of the work are done. Throws ApiError 400 that names the first invalid field in the form of the real
 * API: `messages.0.role: …`.
 */
export async function parseRequest<Request>(
  bytes: Uint8Array,
  check: (body: unknown) => Promise<CheckedRequest<Request>>,
  onBody: (body: unknown) => void,
  runStep: StepRunner = runNow,
): Promise<Request> {
  if (bytes.byteLength === 0) throw new ApiError("invalid_request_error", "body: Field required");
  const body =
    bytes.byteLength > largeBodyBytes ? await parseLargeBody(bytes, runStep) : runAtOnce(parseInParts(bytes));
  onBody(body);
  const result = await runStep(() => check(body));
  if (result.success) return result.data;
  throw requestFault(result.error);
}

/** Parses a body that is not large, or one that cannot be parsed in pieces. */
function* parseInParts(bytes: Uint8Array): Generator<void, unknown> {
  const text = decodeText(bytes);
  yield;
  rejectExcess(findExcess(text, jsonLimits));
  yield;
  const body = parseJsonBody(text);
  yield;
  const inexact = listInexactCalls(body);
  if (inexact.length === 0) return body;
  yield;
  const quoted = parseJsonBody(quoteNumbers(text));
  yield;
  restoreCalls(inexact, quoted);
  return body;
}

async function parseLargeBody(bytes: Uint8Array, runStep: StepRunner): Promise<unknown> {
  const parsed = await parseLargeJson(bytes, jsonLimits, runStep);
  if (parsed === null) return runSteps(parseInParts(bytes), runStep);
  if ("excess" in parsed) throw excessError(parsed.excess);
  const inexact = await runStep(() => listInexactCalls(parsed.value));
  if (inexact.length > 0) {
    const quoted = await parseLargeJson(bytes, jsonLimits, runStep, undefined, quoteNumbers);
    await runStep(() => restoreCalls(inexact, quoted !== null && "value" in quoted ? quoted.value : null));
  }
  return parsed.value;
}

function decodeText(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch (cause) {
    throw new ApiError("invalid_request_error", "body: not valid UTF-8", { cause });
  }
}

function rejectExcess(excess: keyof typeof jsonLimits | null): void {
  if (excess !== null) throw excessError(excess);
}

function excessError(excess: keyof typeof jsonLimits): ApiError {
  return new ApiError("invalid_request_error", `body: ${describeExcess(excess)}`);
}

function parseJsonBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ApiError("invalid_request_error", `body: not valid JSON (${reason.slice(0, 120)})`, { cause });
  }
}

/** The formatter of numbers is created on demand, so that it does not slow down the start. */
function describeExcess(excess: keyof typeof jsonLimits): string {
  if (excess === "depth") return `nested deeper than ${jsonLimits.depth} levels`;
  return `holds more than ${jsonLimits.values.toLocaleString("en-US")} values`;
}
