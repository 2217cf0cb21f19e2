/** A request as it came off the socket. */
export interface RawRequest {
  method: string;
  path: string;
  /** Names in lower case; a name that came twice has both values, joined with `, `. */
  headers: Readonly<Record<string, string>>;
  rawBody: Buffer;
}

/**
 * Cuts the bytes of one connection into requests with a `content-length`. Gives a function to call with every
 * piece of bytes; `onRequest` hears every complete request.
 * @throws Error from that function when the bytes are no such request.
 */
export function createRequestReader(onRequest: (request: RawRequest) => void): (bytes: Buffer) => void {
  let pieces: Buffer[] = [];
  let length = 0;
  let needed = 0;
  return (bytes) => {
    pieces.push(bytes);
    length += bytes.length;
    while (length > 0 && length >= needed) {
      const all = Buffer.concat(pieces, length);
      pieces = [all];
      const headEnd = all.indexOf("\r\n\r\n");
      if (headEnd === -1) return;
      const { method, path, headers } = parseHead(all.toString("latin1", 0, headEnd));
      needed = headEnd + 4 + bodyLength(headers);
      if (length < needed) return;
      const rawBody = all.subarray(headEnd + 4, needed);
      pieces = [all.subarray(needed)];
      length -= needed;
      needed = 0;
      onRequest({ method, path, headers, rawBody });
    }
  };
}

function parseHead(head: string): Omit<RawRequest, "rawBody"> {
  const [requestLine = "", ...headerLines] = head.split("\r\n");
  const [method, path, version] = requestLine.split(" ");
  if (method === undefined || path === undefined || version !== "HTTP/1.1") {
    throw new Error(`not an HTTP/1.1 request line: ${requestLine}`);
  }
  const headers: Record<string, string> = {};
  for (const line of headerLines) {
    const colon = line.indexOf(":");
    if (colon < 1) throw new Error(`not a header line: ${line}`);
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return { method, path, headers };
}

function bodyLength(headers: Readonly<Record<string, string>>): number {
  if (headers["transfer-encoding"] !== undefined) throw new Error("a body without a content-length");
  const length = headers["content-length"] ?? "0";
  if (!/^\d+$/.test(length)) throw new Error(`not a content-length: ${length}`);
  return Number(length);
}
