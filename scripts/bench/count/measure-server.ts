import { join } from "node:path";
import { z } from "zod";
import type { ChatRequest } from "../../../src/protocols/chat/chat-request.ts";
import type { WayName } from "./ways-of-counting.ts";

export interface ServerFigures {
  /** Longest pause between two pieces of a stream, in milliseconds. */
  quietGapMs: number;
  /** The same while a request comes in and is parsed, and nothing is counted. */
  parseGapMs: number;
  /** The same while the first request is counted, which loads the table. */
  firstGapMs: number;
  /** The same while another request is counted. */
  nextGapMs: number;
  /** Milliseconds. */
  firstCountMs: number;
  nextCountMs: number;
  /** Bytes the process takes before and after both. */
  bytesBefore: number;
  bytesAfter: number;
}

const countSchema = z.object({ tokens: z.number(), ms: z.number() });
const memorySchema = z.object({ before: z.number(), now: z.number() });

/** Streams from a process of its own while it counts `requests`, one after the other. */
export async function measureServer(
  way: WayName,
  requests: readonly [ChatRequest, ChatRequest],
): Promise<ServerFigures> {
  const child = Bun.spawn(
    [process.execPath, "--no-env-file", join(import.meta.dir, "streaming-server.ts"), way],
    {
      stdout: "pipe",
      stderr: "inherit",
    },
  );
  try {
    const { value } = await child.stdout.getReader().read();
    const url = `http://127.0.0.1:${new TextDecoder().decode(value).trim()}`;
    const stop = new AbortController();
    const gaps = await watchStream(`${url}/stream`, stop.signal);

    await Bun.sleep(500);
    const quietGapMs = gaps.takeLongest();
    await post(`${url}/parse`, requests[0]);
    const parseGapMs = gaps.takeLongest();
    const first = await post(`${url}/count`, requests[0]);
    const firstGapMs = gaps.takeLongest();
    await Bun.sleep(200);
    gaps.takeLongest();
    const next = await post(`${url}/count`, requests[1]);
    const nextGapMs = gaps.takeLongest();
    const memory = memorySchema.parse(await (await fetch(`${url}/memory`)).json());
    stop.abort();
    return {
      quietGapMs,
      parseGapMs,
      firstGapMs,
      nextGapMs,
      firstCountMs: first.ms,
      nextCountMs: next.ms,
      bytesBefore: memory.before,
      bytesAfter: memory.now,
    };
  } finally {
    child.kill();
    await child.exited;
  }
}

async function post(url: string, request: ChatRequest) {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(request) });
  const result = countSchema.parse(await response.json());
  // What it did to the stream arrives a little later.
  await Bun.sleep(100);
  return result;
}

/** Reads a stream to its end and notes the pauses. */
async function watchStream(url: string, signal: AbortSignal) {
  const response = await fetch(url, { signal });
  let longest = 0;
  let last = performance.now();
  void (async () => {
    try {
      for await (const _ of response.body ?? []) {
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
      }
    } catch {
      // Aborted: the measurement is over.
    }
  })();
  return {
    takeLongest() {
      const taken = longest;
      longest = 0;
      return taken;
    },
  };
}
