import { medianOf } from "../../median-of.ts";
import { readCpuUs } from "../measure/process-usage.ts";
import type { Server } from "../servers/spawn-server.ts";
import { lastMark, nowUs, readTimeMarks } from "../servers/upstream-settings.ts";
import { encodePost } from "./bodies.ts";
import { type BytesReader, Connection } from "./connection.ts";

const firstWords = "The quick";

export function openConnections({ port }: Server, count: number): Promise<Connection[]> {
  return Promise.all(Array.from({ length: count }, () => Connection.open(port)));
}

/** A function that sends `body` and throws unless the answer is a whole one: a proxy that refuses is fast. */
function createSender(server: Server, body: string) {
  const bytes = encodePost(server, body);
  return async (connection: Connection, onBytes?: BytesReader): Promise<void> => {
    const { status, tail } = await connection.send(bytes, onBytes);
    if (status === 200 && tail.includes(lastMark)) return;
    throw new Error(`${server.name} answered ${status}: ${tail.slice(-500)}`);
  };
}

/**
 * Sends the same request again and again over `connections` connections for `ms`, one at a time on each. `cpuUs` is of
 * all processes of the server.
 */
export async function runRequests(server: Server, body: string, load: { connections: number; ms: number }) {
  const send = createSender(server, body);
  const open = await openConnections(server, load.connections);
  // Connections to the upstream are opened by the first requests.
  await Promise.all(open.map((connection) => send(connection)));
  let requests = 0;
  const startCpuUs = readCpuUs(server.pids);
  const endMs = performance.now() + load.ms;
  const repeat = async (connection: Connection): Promise<void> => {
    for (; performance.now() < endMs; requests += 1) await send(connection);
  };
  await Promise.all(open.map(repeat));
  const cpuUs = readCpuUs(server.pids) - startCpuUs;
  for (const connection of open) connection.close();
  return { requests, cpuUs };
}

/** Milliseconds from a request to the first piece of its answer's text, of `count` requests, one after the other. */
export async function measureFirstContent(server: Server, body: string, count: number) {
  const send = createSender(server, body);
  const connection = await Connection.open(server.port);
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const startMs = performance.now();
    let firstMs: number | null = null;
    await send(connection, (read) => {
      if (firstMs === null && read.includes(firstWords)) firstMs = performance.now() - startMs;
    });
    times.push(firstMs ?? Number.NaN);
  }
  connection.close();
  return { p50: medianOf(times), p99: times.sort((a, b) => a - b)[Math.floor(0.99 * count)] ?? Number.NaN };
}

/**
 * Reads `streams` paced streams to their end. `delayMs` is the median time from the upstream's write of a chunk to
 * its arrival here, by the marks in the chunks; `cpuUs` what the server took for all of them.
 */
export async function measurePaced(server: Server, body: string, streams: number) {
  const send = createSender(server, body);
  const connections = await openConnections(server, streams);
  const delaysUs: number[] = [];
  const startCpuUs = readCpuUs(server.pids);
  const read = (bytes: Buffer) => {
    const arrivedUs = nowUs();
    for (const writtenUs of readTimeMarks(bytes.toString("latin1"))) delaysUs.push(arrivedUs - writtenUs);
  };
  await Promise.all(connections.map((connection) => send(connection, read)));
  const cpuUs = readCpuUs(server.pids) - startCpuUs;
  for (const connection of connections) connection.close();
  return { delayMs: medianOf(delaysUs) / 1000, cpuUs };
}
