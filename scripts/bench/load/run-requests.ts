import { readCpuUs } from "../measure/process-usage.ts";
import type { Server } from "../servers/server.ts";
import { lastMark } from "../servers/upstream-settings.ts";
import { encodePost } from "./bodies.ts";
import { type Answer, Connection } from "./connection.ts";

export interface LoadFigures {
  requests: number;
  /** Microseconds of all processes of the server. */
  cpuUs: number;
  wallUs: number;
}

/** Sends the same request again and again over `connections` connections for `ms`, one at a time on each. */
export async function runRequests(
  server: Server,
  body: string,
  { connections, ms }: { connections: number; ms: number },
): Promise<LoadFigures> {
  const bytes = encodePost(server.port, server.path, body);
  const open = await openConnections(server, connections);
  // Connections to the upstream are opened by the first requests.
  await Promise.all(
    open.map((connection) => connection.send(bytes).then((answer) => check(answer, server.name))),
  );
  let requests = 0;
  const startUs = performance.now() * 1000;
  const startCpuUs = readCpuUs(server.pids);
  const endMs = performance.now() + ms;
  const repeat = async (connection: Connection): Promise<void> => {
    while (performance.now() < endMs) {
      check(await connection.send(bytes), server.name);
      requests += 1;
    }
  };
  await Promise.all(open.map(repeat));
  const cpuUs = readCpuUs(server.pids) - startCpuUs;
  const wallUs = performance.now() * 1000 - startUs;
  for (const connection of open) connection.close();
  return { requests, cpuUs, wallUs };
}

export function openConnections(server: Server, count: number): Promise<Connection[]> {
  return Promise.all(Array.from({ length: count }, () => Connection.open(server.port)));
}

/** Throws unless the answer is a whole one: a proxy that refuses is fast. */
export function check({ status, tail }: Answer, name: string): void {
  if (status === 200 && tail.includes(lastMark)) return;
  throw new Error(`${name} answered ${status}: ${tail.slice(-500)}`);
}
