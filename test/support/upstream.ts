import { createServer, type Socket } from "node:net";
import { type BodyStep, type Reply, status } from "./reply.ts";
import { createRequestReader, type RawRequest } from "./request-reader.ts";

/** A request the upstream got. */
export interface RecordedRequest extends RawRequest {
  /** The body as JSON, or undefined when it is none. */
  body: unknown;
  /** `performance.now()`. */
  receivedAt: number;
  /** The first request on its connection. */
  isFirst: boolean;
  /**
   * Settles when this answer is over: `performance.now()` when the peer closed the connection before the answer
   * was complete, null when it took the whole answer or the upstream itself ended the connection.
   */
  closedByPeer: Promise<number | null>;
  /** Bytes of the answer that the peer's side has taken. */
  sentBytes(): number;
}

/** Decides on an answer by the request. */
type Responder = (request: RecordedRequest) => Reply;

export interface Upstream {
  /** `http://127.0.0.1:<port>/v1` */
  baseUrl: string;
  /** All requests so far, in the order of their arrival. */
  requests: RecordedRequest[];
  /** Queues the answer of the next request that has none yet. */
  reply(reply: Reply): void;
  /** Answers every request for which no answer is queued. */
  respondWith(responder: Responder): void;
  /** The request with this index, as soon as it has come. */
  request(index: number): Promise<RecordedRequest>;
  stop(): Promise<void>;
}

const noScript = () => status(500, { error: { message: "The test scripted no answer for this request." } });

/** Starts an upstream on a free loopback port, on a bare socket so that it can misbehave in any way. */
export async function startUpstream(): Promise<Upstream> {
  const requests: RecordedRequest[] = [];
  const queue: Reply[] = [];
  const sockets = new Set<Socket>();
  const waiting: { index: number; resolve: (request: RecordedRequest) => void }[] = [];
  let responder: Responder = noScript;

  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    const closed = closedTime(socket);
    let isFirst = true;
    const read = createRequestReader((raw) => {
      const request = recordRequest(raw, isFirst, socket, closed);
      isFirst = false;
      requests.push(request.recorded);
      for (const { index, resolve } of waiting)
        if (requests[index] === request.recorded) resolve(request.recorded);
      const reply = queue.shift() ?? responder(request.recorded);
      void send(socket, reply).then(request.answered);
    });
    socket.on("data", (bytes) => {
      try {
        read(typeof bytes === "string" ? Buffer.from(bytes) : bytes);
      } catch (error) {
        socket.end(`HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nx-fault: ${String(error)}\r\n\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the upstream has no port");

  return {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    requests,
    reply: (reply) => void queue.push(reply),
    respondWith: (next) => {
      responder = next;
    },
    request: (index) => {
      const present = requests[index];
      if (present !== undefined) return Promise.resolve(present);
      return new Promise((resolve) => waiting.push({ index, resolve }));
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** When the peer ended or broke the connection, or we did. */
function closedTime(socket: Socket): Promise<number> {
  return new Promise((resolve) => {
    socket.once("end", () => resolve(performance.now()));
    socket.once("close", () => resolve(performance.now()));
  });
}

function recordRequest(raw: RawRequest, isFirst: boolean, socket: Socket, closed: Promise<number>) {
  const { promise: answered, resolve } = Promise.withResolvers<null>();
  const writtenBefore = socket.bytesWritten;
  const recorded: RecordedRequest = {
    ...raw,
    body: parseJson(raw.rawBody),
    receivedAt: performance.now(),
    isFirst,
    closedByPeer: Promise.race([answered, closed]),
    sentBytes: () => socket.bytesWritten - writtenBefore - socket.writableLength,
  };
  return {
    recorded,
    answered: (isOver: boolean) => {
      if (isOver) resolve(null);
    },
  };
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Plays a reply; true when the upstream itself brought it to its end. */
async function send(socket: Socket, reply: Reply): Promise<boolean> {
  if (reply.headDelayMs > 0) await Bun.sleep(reply.headDelayMs);
  if (reply.head !== null && !(await write(socket, reply.head))) return false;
  for (const step of reply.body) if (!(await play(socket, step, reply.chunked))) return false;
  switch (reply.end) {
    case "complete":
      return reply.chunked ? write(socket, "0\r\n\r\n") : true;
    case "fin":
      socket.end();
      return true;
    case "reset":
      socket.resetAndDestroy();
      return true;
    case "stall":
      return false;
  }
}

async function play(socket: Socket, step: BodyStep, isChunked: boolean): Promise<boolean> {
  if (!(step instanceof Uint8Array)) {
    await Bun.sleep(step.waitMs);
    return !socket.destroyed;
  }
  if (!isChunked) return write(socket, step);
  return write(
    socket,
    Buffer.concat([Buffer.from(`${step.length.toString(16)}\r\n`), step, Buffer.from("\r\n")]),
  );
}

/** False when the connection is gone. Waits until the socket takes more. */
async function write(socket: Socket, bytes: string | Uint8Array): Promise<boolean> {
  if (socket.destroyed || !socket.writable) return false;
  if (!socket.write(bytes)) {
    await new Promise<void>((resolve) => {
      const goOn = () => {
        socket.off("drain", goOn);
        socket.off("close", goOn);
        resolve();
      };
      socket.once("drain", goOn);
      socket.once("close", goOn);
    });
  }
  return !socket.destroyed;
}
