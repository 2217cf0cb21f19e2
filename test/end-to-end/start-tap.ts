import { createServer, type IncomingMessage, request as openRequest, type ServerResponse } from "node:http";

/** One request of a client, and its answer, as they went over the wire. */
export interface Tapped {
  method: string;
  path: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
  /** Of the answer; null until it begins. */
  statusCode: number | null;
  /** Its bytes so far. */
  answer: Buffer[];
}

export interface Tap {
  url: string;
  /** In the order of their arrival. */
  seen: Tapped[];
  stop(): Promise<void>;
}

/**
 * Starts a server that passes everything on to the server at `url`, and keeps what it saw. As an HTTP proxy it stands for
 * any host.
 */
export async function startTap(url: string): Promise<Tap> {
  const seen: Tapped[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const tapped = describe(request, Buffer.concat(pieces));
      seen.push(tapped);
      passOn(url, tapped, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the tap has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function describe({ method = "", url = "", headers }: IncomingMessage, body: Buffer): Tapped {
  const { pathname, search } = new URL(url, "http://tap.invalid");
  return { method, path: pathname + search, headers, body, statusCode: null, answer: [] };
}

function passOn(url: string, tapped: Tapped, response: ServerResponse): void {
  const { hostname, port, host } = new URL(url);
  const { method, path, headers, body } = tapped;
  const sent = openRequest(
    { hostname, port, path, method, headers: { ...headers, host } },
    (answer: IncomingMessage) => {
      tapped.statusCode = answer.statusCode ?? null;
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on("data", (piece: Buffer) => tapped.answer.push(piece));
      answer.pipe(response);
    },
  );
  // Whoever has broken the connection, the other side sees it break.
  response.on("close", () => sent.destroy());
  sent.on("error", () => response.destroy());
  sent.end(body);
}
