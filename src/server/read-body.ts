import type { Context } from "hono";
import { ApiError } from "../anthropic/api-error.ts";
import { bodyTooLarge, largestBodyBytes } from "./middleware/body-limit.ts";
import type { AppEnvironment } from "./middleware/request-context.ts";

/** A body has this long to begin in earnest, and the longest pause between two pieces is the same. */
const patienceSeconds = 10;

/** From then on it must have come at this rate on average, or a few hundred slow clients would hold the server. */
const slowestBytesPerSecond = 1024;

/**
 * Up to this size a body is not watched while it comes: Bun closes the connection when it is not whole within 10
 * seconds, which 3 KB a second do. To read piece by piece takes another 8 µs, and the pieces as streams of their own.
 */
const smallBodyBytes = 32 * 1024;

/**
 * Reads the body of the request, however slowly it honestly comes. Throws ApiError: 413 when it is larger than a
 * request may be, 408 when it drips. A client that goes away before its end is noted as gone.
 */
export async function readBody(c: Context<AppEnvironment>): Promise<Uint8Array> {
  const exchange = c.get("exchange");
  const announcedBytes = Number(c.req.header("content-length") ?? Number.POSITIVE_INFINITY);
  try {
    return announcedBytes <= smallBodyBytes ? await c.req.raw.bytes() : await readPieces(c);
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    exchange.noteClientGone();
    throw new ApiError("invalid_request_error", "body: ended before it was whole", { cause });
  }
}

async function readPieces(c: Context<AppEnvironment>): Promise<Uint8Array> {
  const request = c.req.raw;
  const exchange = c.get("exchange");
  const pieces: Uint8Array[] = [];
  let bodyBytes = 0;
  const reader = request.body?.getReader();
  // Not `for await`, which costs as much again.
  for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
    const piece = read.value;
    pieces.push(piece);
    bodyBytes += piece.byteLength;
    if (bodyBytes > largestBodyBytes) throw bodyTooLarge();
    const allowedMs = (patienceSeconds + bodyBytes / slowestBytesPerSecond) * 1000;
    if (exchange.elapsedMs() > allowedMs) throw bodyTooSlow();
    // Bun counts from the request's begin, not from its last bytes.
    c.env.setIdleSeconds(request, patienceSeconds);
  }
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
}

function bodyTooSlow(): ApiError {
  return new ApiError("timeout_error", `body: came slower than ${slowestBytesPerSecond} bytes a second`, {
    status: 408,
  });
}
