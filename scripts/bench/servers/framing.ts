// HTTP/1.1 as the upstream of the bench writes it.

/** The head of a stream. */
export const streamHead =
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n";

/** The end of a chunked body. */
export const bodyEnd = "0\r\n\r\n";

/** One server-sent event, framed for a chunked body. */
export function encodeEvent(data: string, name: string | null = null): string {
  const event = `${name === null ? "" : `event: ${name}\n`}data: ${data}\n\n`;
  return `${event.length.toString(16)}\r\n${event}\r\n`;
}

/** A whole answer with its head. */
export function encodeJson(value: unknown): string {
  const body = JSON.stringify(value);
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
