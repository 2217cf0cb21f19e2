import type { Socket } from "bun";

export interface Answer {
  status: number;
  /** Of the whole answer, head and framing included. */
  bytes: number;
  /** Its last bytes, where the marks of a whole answer are looked for. */
  tail: string;
}

export type BytesReader = (bytes: Buffer) => void;

const headEnd = Buffer.from("\r\n\r\n");
const lastChunk = Buffer.from("\r\n0\r\n\r\n");
const tailBytes = 4096;

interface Pending {
  onBytes: BytesReader;
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
  /** The head as far as it has come; null behind its end. */
  head: Buffer | null;
  status: number;
  bytes: number;
  /** Null: the body is chunked. Infinite: it ends with the connection. */
  restBytes: number | null;
  tail: Buffer;
}

/** A client's connection on a raw socket: it costs next to nothing, so that the load comes from the proxies. */
export class Connection {
  #socket: Socket | null = null;
  #pending: Pending | null = null;

  static async open(port: number): Promise<Connection> {
    const connection = new Connection();
    connection.#socket = await Bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: {
        data: (_, bytes) => connection.#take(bytes),
        close: () => connection.#closed(),
        error: (_, error) => connection.#pending?.reject(error),
      },
    });
    return connection;
  }

  /** Sends one request and returns what came back once it is whole. `onBytes` sees every read, head included. */
  send(request: Uint8Array, onBytes: BytesReader = () => {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const head = Buffer.alloc(0);
      this.#pending = { onBytes, resolve, reject, head, status: 0, bytes: 0, restBytes: null, tail: head };
      this.#write(request);
    });
  }

  /** Stops taking bytes, as a client does that reads nothing. */
  pause(): void {
    this.#socket?.pause();
  }

  close(): void {
    this.#pending = null;
    this.#socket?.terminate();
  }

  #write(bytes: Uint8Array): void {
    const written = Math.max(0, this.#socket?.write(bytes) ?? 0);
    if (written < bytes.length) setTimeout(() => this.#write(bytes.subarray(written)), 1);
  }

  #take(bytes: Buffer): void {
    const pending = this.#pending;
    if (pending === null) return;
    pending.bytes += bytes.length;
    pending.onBytes(bytes);
    const body = pending.head === null ? bytes : takeHead(pending, bytes);
    if (body === null) return;
    pending.tail =
      bytes.length >= tailBytes ? Buffer.from(bytes.subarray(-tailBytes)) : joinTail(pending.tail, bytes);
    if (pending.restBytes === null) {
      if (pending.tail.subarray(-lastChunk.length).equals(lastChunk)) this.#finish(pending);
      return;
    }
    pending.restBytes -= body.length;
    if (pending.restBytes <= 0) this.#finish(pending);
  }

  #finish({ status, bytes, tail, resolve }: Pending): void {
    this.#pending = null;
    resolve({ status, bytes, tail: tail.toString() });
  }

  #closed(): void {
    const pending = this.#pending;
    if (pending === null) return;
    if (pending.restBytes === Number.POSITIVE_INFINITY) this.#finish(pending);
    else pending.reject(new Error(`the connection was closed after ${pending.bytes} bytes`));
  }
}

/** Reads on in the head; returns what is behind it, or null while it has no end. */
function takeHead(pending: Pending, bytes: Buffer): Buffer | null {
  const head = Buffer.concat([pending.head ?? Buffer.alloc(0), bytes]);
  pending.head = head;
  const end = head.indexOf(headEnd);
  if (end === -1) return null;
  const text = head.toString("latin1", 0, end);
  pending.head = null;
  pending.status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0);
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  if (length !== undefined) pending.restBytes = Number(length);
  else if (!/\r\ntransfer-encoding: *chunked/i.test(text)) pending.restBytes = Number.POSITIVE_INFINITY;
  return head.subarray(end + headEnd.length);
}

function joinTail(tail: Buffer, bytes: Buffer): Buffer {
  return Buffer.concat([tail, bytes]).subarray(-tailBytes);
}
