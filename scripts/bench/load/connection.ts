import type { Socket } from "bun";

export interface Answer {
  status: number;
  /** Its last bytes, where the marks of a whole answer are looked for. */
  tail: string;
}

export type BytesReader = (bytes: Buffer) => void;

interface Pending {
  onBytes: BytesReader;
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
  /** Null until the head is there. */
  status: number | null;
  /** What is to come; infinite where the body is chunked. */
  restBytes: number;
  tail: Buffer;
}

const lastChunk = Buffer.from("\r\n0\r\n\r\n");
const tailBytes = 4096;

/** A client's connection on a raw socket: it costs next to nothing, so that the load comes from the proxies. */
export class Connection {
  #socket: Socket | null = null;
  #pending: Pending | null = null;

  static async open(port: number): Promise<Connection> {
    const connection = new Connection();
    const fail = (error: Error) => connection.#pending?.reject(error);
    connection.#socket = await Bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: {
        data: (_, bytes) => connection.#take(bytes),
        close: () => fail(new Error("the connection was closed")),
        error: (_, error) => fail(error),
      },
    });
    return connection;
  }

  /** Sends one request and returns what came back once it is whole. `onBytes` sees every read, head included. */
  send(request: Uint8Array, onBytes: BytesReader = () => {}): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#pending = {
      onBytes,
      resolve,
      reject,
      status: null,
      restBytes: Number.POSITIVE_INFINITY,
      tail: Buffer.alloc(0),
    };
    this.#write(request);
    return promise;
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
    pending.onBytes(bytes);
    if (pending.status === null) readHead(pending, Buffer.concat([pending.tail, bytes]));
    else pending.restBytes -= bytes.length;
    pending.tail = Buffer.concat([pending.tail, bytes.subarray(-tailBytes)]).subarray(-tailBytes);
    if (pending.restBytes > 0 && !pending.tail.subarray(-lastChunk.length).equals(lastChunk)) return;
    this.#pending = null;
    pending.resolve({ status: pending.status ?? 0, tail: pending.tail.toString() });
  }
}

/** Reads the head once it is whole. `bytes` are all that came until now. */
function readHead(pending: Pending, bytes: Buffer): void {
  const end = bytes.indexOf("\r\n\r\n");
  if (end === -1) return;
  const head = bytes.toString("latin1", 0, end);
  pending.status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) pending.restBytes = Number(length) - (bytes.length - end - 4);
}
