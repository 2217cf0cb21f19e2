import type { Context, MiddlewareHandler } from "hono";
import type { Admission } from "../admission.ts";
import { largestBodyBytes } from "../body-size.ts";
import { parseContentLength } from "../content-length.ts";
import type { UploadLimits } from "../upload-limits.ts";
import type { AppEnvironment } from "./request-context.ts";

interface RestOptions {
  admission: Admission;
  uploads: Pick<UploadLimits, "restBytes" | "restMs">;
}

/**
 * Closes the connection after the answer to a request whose body was not read to its end and has no end in sight: Bun
 * would read the rest for ever. The answer goes out at once. Then a little more is read, because a client that is cut
 * off while it sends may never look at its answer. A body that announces at most 32 MB ends by itself.
 */
export function closeBehindRefusal(options: RestOptions): MiddlewareHandler<AppEnvironment> {
  return (c, next) => (endsByItself(c) ? next() : answerAndClose(c, next, options));
}

function endsByItself(c: Context<AppEnvironment>): boolean {
  const length = c.req.header("content-length");
  if (length === undefined) return c.req.header("transfer-encoding") === undefined;
  const announcedBytes = parseContentLength(length);
  return announcedBytes !== null && announcedBytes <= largestBodyBytes;
}

async function answerAndClose(
  c: Context<AppEnvironment>,
  next: () => Promise<void>,
  options: RestOptions,
): Promise<void> {
  await next();
  // The other case is a body that arrived too slowly: it has had time enough.
  if (c.get("isBodyWhole") || c.res.headers.has("connection")) return;
  const { body } = c.req.raw;
  if (c.res.body === null && body !== null) await readRest(body, options);
  else if (body !== null) {
    const { status, headers } = c.res;
    const text = await c.res.bytes();
    // Otherwise Hono would merge the two responses.
    c.res = undefined;
    c.res = new Response(createAnswerBody(text, body, options), { status, headers });
  }
  c.res.headers.set("connection", "close");
}

/**
 * Creates a body that sends the answer, and ends once enough of the rest was read. Its end closes the connection, too.
 */
function createAnswerBody(
  text: Uint8Array,
  rest: ReadableStream<Uint8Array>,
  options: RestOptions,
): ReadableStream<Uint8Array> {
  let isTold = false;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!isTold) {
        isTold = true;
        controller.enqueue(text);
        return;
      }
      await readRest(rest, options);
      controller.close();
    },
  });
}

/** Reads to the end or up to the limits, whichever comes first. Never throws. */
async function readRest(
  rest: ReadableStream<Uint8Array>,
  { admission, uploads }: RestOptions,
): Promise<void> {
  const enough = Promise.withResolvers<null>();
  const timer = setTimeout(() => enough.resolve(null), uploads.restMs);
  let restBytes = 0;
  try {
    const upload = admission.beginUpload(() => enough.resolve(null));
    try {
      const reader = rest.getReader();
      while (restBytes <= uploads.restBytes) {
        const piece = await Promise.race([reader.read(), enough.promise]);
        if (piece === null || piece.done) break;
        restBytes += piece.value.byteLength;
      }
    } finally {
      upload.end();
    }
  } catch {
    // The client is gone or the server stops, so there is no reason to read on.
  } finally {
    clearTimeout(timer);
  }
}
