import { readCpuUs } from "../measure/process-usage.ts";
import { percentile } from "../measure/statistics.ts";
import type { Server } from "../servers/server.ts";
import { nowUs, readTimeMarks } from "../servers/upstream-settings.ts";
import { encodePost } from "./bodies.ts";
import { Connection } from "./connection.ts";
import { check, openConnections } from "./run-requests.ts";

const firstWords = "The quick";

/** Milliseconds from a request to the first piece of its answer's text, of `count` requests, one after the other. */
export async function measureFirstContent(server: Server, body: string, count: number) {
  const bytes = encodePost(server.port, server.path, body);
  const connection = await Connection.open(server.port);
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const startMs = performance.now();
    let firstMs: number | null = null;
    const answer = await connection.send(bytes, (read) => {
      if (firstMs === null && read.includes(firstWords)) firstMs = performance.now() - startMs;
    });
    check(answer, server.name);
    times.push(firstMs ?? Number.NaN);
  }
  connection.close();
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

/**
 * Reads `streams` paced streams to their end. `delayMs` is the median time from the upstream's write of a chunk to
 * its arrival here, by the marks in the chunks; `cpuUs` what the server took for all of them.
 */
export async function measurePaced(server: Server, body: string, streams: number) {
  const bytes = encodePost(server.port, server.path, body);
  const connections = await openConnections(server, streams);
  const delaysUs: number[] = [];
  const startCpuUs = readCpuUs(server.pids);
  const answers = await Promise.all(
    connections.map((connection) =>
      connection.send(bytes, (read) => {
        const arrivedUs = nowUs();
        for (const writtenUs of readTimeMarks(read.toString("latin1"))) delaysUs.push(arrivedUs - writtenUs);
      }),
    ),
  );
  const cpuUs = readCpuUs(server.pids) - startCpuUs;
  for (const answer of answers) check(answer, server.name);
  for (const connection of connections) connection.close();
  return { delayMs: percentile(delaysUs, 0.5) / 1000, cpuUs };
}
