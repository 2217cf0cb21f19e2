/**
 * What the scripted upstream answers, as data: the bytes of a head, then body pieces with pauses between them,
 * then one of four ends. Everything a real upstream does wrong can be written with these.
 */

export type ReplyEnd =
  /** Says that the answer is complete and keeps the connection. */
  | "complete"
  /** Closes the connection in good order: with chunked framing the last chunk is then missing. */
  | "fin"
  /** Resets the connection. */
  | "reset"
  /** Sends nothing more and keeps the connection. */
  | "stall";

/** Bytes that leave in one write, or a pause. */
export type BodyStep = Uint8Array | { waitMs: number };

export interface Reply {
  /** Status line and headers; null never sends a head. */
  readonly head: string | null;
  /** Waits this long before the head. */
  readonly headDelayMs: number;
  readonly chunked: boolean;
  /** A list can be sent many times, a generator once. */
  readonly body: Iterable<BodyStep>;
  readonly end: ReplyEnd;
}

export interface ReplyOptions {
  status?: number;
  /** Added to the usual ones; a value of null takes a usual one away. */
  headers?: Readonly<Record<string, string | null>>;
  headDelayMs?: number;
  end?: ReplyEnd;
}

export interface SseOptions extends ReplyOptions {
  /** Pause after every piece; a piece is an event, or what `splitAt` cuts. */
  paceMs?: number;
  /** Byte positions of the body to cut it at, instead of after every event. */
  splitAt?: readonly number[];
  /** False leaves out `data: [DONE]`. */
  done?: boolean;
  lineEnd?: "\n" | "\r\n" | "\r";
  /** A piece of text sent before the first event, e.g. a byte order mark. */
  prefix?: string;
  /** `until-close` has neither length nor chunks: the end of the connection is the end of the body. */
  framing?: "chunked" | "until-close";
}

const encoder = new TextEncoder();

/** An event stream: objects become `data:` events, strings are sent as they are. */
export function sse(events: readonly (object | string)[], options: SseOptions = {}): Reply {
  const lineEnd = options.lineEnd ?? "\n";
  const all = options.done === false ? events : [...events, `data: [DONE]${lineEnd}${lineEnd}`];
  const texts = all.map((event) =>
    typeof event === "string" ? event : `data: ${JSON.stringify(event)}${lineEnd}${lineEnd}`,
  );
  const first = texts[0];
  if (options.prefix !== undefined) texts[0] = options.prefix + (first ?? "");
  const pieces =
    options.splitAt === undefined
      ? texts.map((text) => encoder.encode(text))
      : cut(encoder.encode(texts.join("")), options.splitAt);
  const isChunked = options.framing !== "until-close";
  return {
    head: buildHead(options.status ?? 200, {
      "content-type": "text/event-stream; charset=utf-8",
      "transfer-encoding": isChunked ? "chunked" : null,
      connection: isChunked ? null : "close",
      ...options.headers,
    }),
    headDelayMs: options.headDelayMs ?? 0,
    chunked: isChunked,
    body: paced(pieces, options.paceMs ?? 0),
    end: options.end ?? (isChunked ? "complete" : "fin"),
  };
}

/** A body with a length: a string is sent as it is, anything else as JSON. */
export function whole(body: unknown, options: ReplyOptions = {}): Reply {
  const bytes =
    body instanceof Uint8Array
      ? body
      : encoder.encode(typeof body === "string" ? body : JSON.stringify(body));
  return {
    head: buildHead(options.status ?? 200, {
      "content-type": typeof body === "string" ? "text/plain; charset=utf-8" : "application/json",
      "content-length": String(bytes.byteLength),
      ...options.headers,
    }),
    headDelayMs: options.headDelayMs ?? 0,
    chunked: false,
    body: [bytes],
    end: options.end ?? "complete",
  };
}

/** A completion, answered with 200. */
export function json(completion: object, options: ReplyOptions = {}): Reply {
  return whole(completion, options);
}

/** An answer with this status: a string body is sent as text, an object as JSON. */
export function status(code: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return whole(body, { status: code, headers });
}

/** Accepts the request and never sends a byte. */
export function silence(): Reply {
  return { head: null, headDelayMs: 0, chunked: false, body: [], end: "stall" };
}

/** Takes the request and breaks the connection without a byte. */
export function hangUp(end: "fin" | "reset"): Reply {
  return { head: null, headDelayMs: 0, chunked: false, body: [], end };
}

/** A chunked event stream whose body is made while it is sent, for bodies without an end. */
export function sseOf(body: Iterable<BodyStep>, end: ReplyEnd = "complete"): Reply {
  const head = buildHead(200, { "content-type": "text/event-stream", "transfer-encoding": "chunked" });
  return { head, headDelayMs: 0, chunked: true, body, end };
}

function buildHead(code: number, headers: Readonly<Record<string, string | null>>): string {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${value}\r\n`],
  );
  return `HTTP/1.1 ${code} Scripted\r\n${lines.join("")}\r\n`;
}

function cut(bytes: Uint8Array, positions: readonly number[]): Uint8Array[] {
  const ends = [...positions, bytes.length];
  return ends
    .map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
    .filter((piece) => piece.length > 0);
}

function paced(pieces: readonly Uint8Array[], waitMs: number): BodyStep[] {
  return waitMs > 0 ? pieces.flatMap((piece) => [piece, { waitMs }]) : [...pieces];
}
