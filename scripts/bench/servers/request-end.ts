/** One request as far as the bench's upstream looks at it. */
export interface ReceivedRequest {
  method: string;
  path: string;
  /** Empty for chat requests, of which nothing but the end is looked at. */
  body: string;
}

const headEnd = Buffer.from("\r\n\r\n");
const lastChunk = Buffer.from("0\r\n\r\n");

/**
 * Creates a function that finds the requests in what one connection sends, with a known length or chunked. It is no
 * HTTP parser for strangers: its senders are proxies on this machine, which wait for an answer before they go on.
 */
export function createRequestReader(onRequest: (request: ReceivedRequest) => void): (bytes: Buffer) => void {
  let head: Buffer = Buffer.alloc(0);
  let request: ReceivedRequest | null = null;
  let restBytes = 0;
  let isChunked = false;
  let tail: Buffer = Buffer.alloc(0);

  const takeBody = (bytes: Buffer): void => {
    if (request === null) return;
    if (request.path.startsWith("/bench/")) request.body += bytes.toString();
    restBytes -= bytes.length;
    tail = Buffer.concat([tail, bytes.subarray(-lastChunk.length)]).subarray(-lastChunk.length);
    if (isChunked ? !tail.equals(lastChunk) : restBytes > 0) return;
    const received = request;
    request = null;
    onRequest(received);
  };

  return (bytes) => {
    if (request !== null) {
      takeBody(bytes);
      return;
    }
    head = head.length === 0 ? bytes : Buffer.concat([head, bytes]);
    const end = head.indexOf(headEnd);
    if (end === -1) return;
    const text = head.toString("latin1", 0, end);
    const body = head.subarray(end + headEnd.length);
    head = Buffer.alloc(0);
    tail = Buffer.alloc(0);
    const [, method = "", path = ""] = /^(\S+) (\S+)/.exec(text) ?? [];
    restBytes = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0);
    isChunked = /\r\ntransfer-encoding: *chunked/i.test(text);
    request = { method, path, body: "" };
    takeBody(body);
  };
}
