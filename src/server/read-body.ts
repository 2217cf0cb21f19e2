import type { Context } from "hono";
import { ApiError } from "../anthropic/api-error.ts";
import { runSteps, type StepRunner } from "../turns/run-steps.ts";
import { largeBodyBytes, waitForTurn } from "../turns/turns.ts";
import type { Admission, Upload } from "./admission.ts";
import { bodyTooLarge, largestBodyBytes } from "./body-size.ts";
import { parseContentLength } from "./content-length.ts";
import type { AppEnvironment } from "./middleware/request-context.ts";
import { traceRequestBytes } from "./trace-bytes.ts";
import type { UploadLimits } from "./upload-limits.ts";

/**
 * Bodies up to this size are not watched while they arrive: Bun closes the connection if such a body is not complete
 * within 10 seconds, which needs 3 KB a second. Reading it piece by piece would cost another 8 µs, and a stream.
 */
const smallBodyBytes = 32 * 1024;

/**
 * Reads the body of the request, however slow an honest client is. Throws ApiError: 413 when the body is too large, 408
 * when it arrives too slowly, 529 when request bodies fill all the room or when the server stops before this one is
 * complete. If the client disconnects before the end, the exchange notes that it is gone.
 */
export async function readBody(
  c: Context<AppEnvironment>,
  { admission, uploads, takeTurn }: { admission: Admission; uploads: UploadLimits; takeTurn: StepRunner },
): Promise<Uint8Array> {
  const exchange = c.get("exchange");
  const announcedBytes = parseContentLength(c.req.header("content-length"));
  const { promise: body, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const upload = admission.beginUpload(reject);
  try {
    if (announcedBytes === null || announcedBytes > smallBodyBytes) {
      readPieces(c, upload, { uploads, takeTurn }).then(resolve, reject);
    } else {
      upload.take(announcedBytes);
      c.req.raw.bytes().then(resolve, reject);
    }
    const bytes = await body;
    traceRequestBytes(exchange.trace, bytes);
    return bytes;
  } catch (cause) {
    // The end of this body is in sight. Of any other body, the code that closes the connection reads a little more.
    if (announcedBytes !== null) c.req.raw.body?.cancel().catch(ignoreGone);
    if (cause instanceof ApiError) throw cause;
    exchange.noteClientGone();
    throw new ApiError("invalid_request_error", "body: ended before it was whole", { cause });
  } finally {
    upload.end();
  }
}

async function readPieces(
  c: Context<AppEnvironment>,
  upload: Upload,
  { uploads, takeTurn }: { uploads: UploadLimits; takeTurn: StepRunner },
): Promise<Uint8Array> {
  const { patienceSeconds, longestSeconds, slowestBytesPerSecond } = uploads;
  const request = c.req.raw;
  const exchange = c.get("exchange");
  const pieces: Uint8Array[] = [];
  let bodyBytes = 0;
  let readBytes = 0;
  const reader = request.body?.getReader();
  try {
    for (;;) {
      const { value: piece } = (await reader?.read()) ?? {};
      if (piece === undefined) break;
      pieces.push(piece);
      bodyBytes += piece.byteLength;
      // guard: real body length
      if (bodyBytes > largestBodyBytes) throw bodyTooLarge();
      upload.take(piece.byteLength);
      const allowedSeconds = Math.min(patienceSeconds + bodyBytes / slowestBytesPerSecond, longestSeconds);
      // guard: slowest upload
      if (exchange.elapsedMs() > allowedSeconds * 1000) {
        throw bodyTooSlow({ slowestBytesPerSecond, longestSeconds });
      }
      // Bun counts from the beginning of the request, not from its last bytes.
      c.env.setIdleSeconds(request, patienceSeconds);
      readBytes += piece.byteLength;
      if (readBytes < mostBytesAtOnce) continue;
      readBytes = 0;
      await waitForTurn(takeTurn);
    }
  } finally {
    reader?.releaseLock();
  }
  c.set("isBodyWhole", true);
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return only;
  if (bodyBytes <= largeBodyBytes) return Buffer.concat(pieces);
  return await runSteps(joinPieces(pieces, bodyBytes), takeTurn);
}

/** Bytes to read of one body in one turn. Six times as many may wait in the system, for each of ten bodies at once. */
const mostBytesAtOnce = 1024 * 1024;

/** Bytes to join in one turn: most of the time goes into allocating new memory. */
const stepBytes = 4 * 1024 * 1024;

/**
 * Joins the pieces in steps, because ten large bodies may end together. Releases each piece as soon as it is copied.
 */
function* joinPieces(pieces: Uint8Array[], bodyBytes: number): Generator<void, Uint8Array> {
  const body = new Uint8Array(bodyBytes);
  let end = 0;
  let yielded = 0;
  for (let piece = pieces.reverse().pop(); piece !== undefined; piece = pieces.pop()) {
    body.set(piece, end);
    end += piece.byteLength;
    if (end - yielded < stepBytes) continue;
    yielded = end;
    yield;
  }
  return body;
}

function bodyTooSlow(limits: Pick<UploadLimits, "slowestBytesPerSecond" | "longestSeconds">): ApiError {
  const { slowestBytesPerSecond, longestSeconds } = limits;
  const words = `slower than ${slowestBytesPerSecond} bytes a second or for over ${longestSeconds / 60} minutes`;
  return new ApiError("timeout_error", `body: came ${words}`, { status: 408 });
}

/** A body that cannot be cancelled is already gone, or is being read. */
function ignoreGone(): void {}
