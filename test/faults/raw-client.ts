import { connect, type Socket } from "node:net";

/** A client on a bare socket, which can break any rule. */
export interface RawClient {
  socket: Socket;
  /** What has come so far. */
  received(): string;
  /** Settles with all that came, when the server has closed the connection; with `null` when it has not in time. */
  closed(withinMs: number): Promise<string | null>;
  /** Settles when what has come holds the text. */
  hears(text: string): Promise<void>;
}

/** Connects to the server on this machine and sends the bytes. */
export async function connectRaw(port: number, bytes: string | Uint8Array): Promise<RawClient> {
  let received = "";
  const socket = connect(port, "127.0.0.1");
  const { promise: isClosed, resolve } = Promise.withResolvers<void>();
  socket.on("data", (piece) => {
    received += piece.toString("latin1");
  });
  socket.on("error", () => socket.destroy());
  socket.on("close", () => resolve());
  await new Promise<void>((isConnected) => socket.once("connect", () => isConnected()));
  socket.write(bytes);
  return {
    socket,
    received: () => received,
    closed: async (withinMs) => {
      const inTime = await Promise.race([isClosed.then(() => true), Bun.sleep(withinMs).then(() => false)]);
      return inTime ? received : null;
    },
    hears: async (text) => {
      while (!received.includes(text)) await Bun.sleep(5);
    },
  };
}

/** The head of a messages request, with the blank line. */
export function requestHead(port: number, headers: Readonly<Record<string, string>>): string {
  const all = { host: `127.0.0.1:${port}`, "content-type": "application/json", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST /v1/messages HTTP/1.1\r\n${lines.join("")}\r\n`;
}
