import { connect, createServer, type Server, type Socket } from "node:net";
import { findStablePort } from "./find-stable-port.ts";

/**
 * What stands in front of a database and does to its connections what a bad network does. It knows nothing of what
 * passes but its bytes, so it can stand in front of any server.
 */
export interface PostgresGate {
  port: number;
  /** The URL of a database behind it, with its port. */
  urlOf(databaseUrl: string): string;
  /** All that was held, and all that comes, goes through at once. */
  pass(): Promise<void>;
  /** What a client sends arrives so much later. A query of a new text needs two such ways, one that was prepared one. */
  delay(ms: number): void;
  /** Takes connections, and holds every byte in both directions from now on. Nothing is closed. */
  stall(): void;
  /** Takes no new connection, and breaks those that are open. */
  refuse(): Promise<void>;
  /** Breaks all that are open. */
  cut(): void;
  /** No byte of those that are open goes through any more, as behind a router that forgot them. New ones pass. */
  forget(): void;
  /**
   * Waits for a client to send the text, once. `answer` lets the server do what it says and breaks the connection in
   * place of its answer; `query` breaks it in place of the text. Resolves when that has happened.
   */
  cutAt(text: string, inPlaceOf: "query" | "answer"): Promise<void>;
  /** How many are open now. */
  open(): number;
  /** How many were ever taken. */
  taken(): number;
  [Symbol.asyncDispose](): Promise<void>;
}

interface Line {
  client: Socket;
  server: Socket;
  /** The last bytes from the client: a text may come in two pieces. */
  tail: Buffer;
  isForgotten: boolean;
  /** Set when the next answer is to be lost. */
  sprung: Trap | null;
}

interface Trap {
  text: Buffer;
  inPlaceOf: "query" | "answer";
  resolve(): void;
}

/** Starts one in front of the server at this port of this machine. */
export async function startPostgresGate(serverPort: number): Promise<PostgresGate> {
  const port = await findStablePort();
  const lines = new Set<Line>();
  let taken = 0;
  let trap: Trap | null = null;
  let delayMs = 0;
  let held: PromiseWithResolvers<void> | null = null;
  let listener: Server | null = null;

  const release = () => {
    held?.resolve();
    held = null;
  };
  /** Does what happens at one end of a line at its other one: in its order, when its time has come. */
  const createQueue = (ownDelayMs: () => number) => {
    let before = Promise.resolve();
    return (act: () => void) => {
      const dueAtMs = performance.now() + ownDelayMs();
      before = before.then(async () => {
        const leftMs = dueAtMs - performance.now();
        if (leftMs > 0) await Bun.sleep(leftMs);
        while (held !== null) await held.promise;
        act();
      });
    };
  };
  const breakLine = (line: Line) => {
    lines.delete(line);
    line.client.destroy();
    line.server.destroy();
    line.sprung?.resolve();
  };
  /** Whether the bytes may go on to the server. */
  const inspect = (line: Line, bytes: Buffer): boolean => {
    if (trap === null) return true;
    const seen = Buffer.concat([line.tail, bytes]);
    line.tail = seen.subarray(Math.max(0, seen.length - trap.text.length + 1));
    if (!seen.includes(trap.text)) return true;
    line.sprung = trap;
    trap = null;
    if (line.sprung.inPlaceOf === "answer") return true;
    breakLine(line);
    return false;
  };
  const take = (client: Socket) => {
    taken += 1;
    const server = connect({ port: serverPort, host: "127.0.0.1", allowHalfOpen: true });
    const line: Line = { client, server, tail: Buffer.alloc(0), isForgotten: false, sprung: null };
    lines.add(line);
    const toServer = createQueue(() => delayMs);
    const toClient = createQueue(() => 0);
    client.on("data", (read) => {
      const bytes = Buffer.from(read);
      toServer(() => void (!line.isForgotten && inspect(line, bytes) && server.write(bytes)));
    });
    server.on("data", (bytes) =>
      toClient(() => void (line.sprung ? breakLine(line) : line.isForgotten || client.write(bytes))),
    );
    client.on("end", () => toServer(() => void server.end()));
    server.on("end", () => toClient(() => void client.end()));
    client.on("close", () => toServer(() => breakLine(line)));
    server.on("close", () => toClient(() => breakLine(line)));
    // Whatever breaks one end closes it, too.
    for (const socket of [client, server]) socket.on("error", () => {});
  };
  const listen = async () => {
    if (listener !== null) return;
    const server = createServer({ allowHalfOpen: true }, take);
    listener = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
  };
  const cut = () => {
    for (const line of lines) breakLine(line);
  };
  const refuse = async () => {
    const server = listener;
    listener = null;
    cut();
    if (server !== null) await new Promise<void>((resolve) => server.close(() => resolve()));
    release();
  };
  await listen();
  return {
    port,
    urlOf: (databaseUrl) => databaseUrl.replace(`:${serverPort}/`, `:${port}/`),
    async pass() {
      delayMs = 0;
      release();
      await listen();
    },
    delay(ms) {
      delayMs = ms;
      release();
    },
    stall() {
      held ??= Promise.withResolvers<void>();
    },
    refuse,
    cut,
    forget() {
      for (const line of lines) line.isForgotten = true;
    },
    cutAt: (text, inPlaceOf) =>
      new Promise((resolve) => {
        trap = { text: Buffer.from(text), inPlaceOf, resolve };
      }),
    open: () => lines.size,
    taken: () => taken,
    [Symbol.asyncDispose]: refuse,
  };
}
