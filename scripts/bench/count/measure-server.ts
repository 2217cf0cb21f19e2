import { join } from "node:path";

import type { ChatRequest } from "../../../src/protocols/chat/chat-request.ts";
import { StreamWatch } from "../../gaps/stream-watch.ts";

import type { WayName } from "./ways-of-counting.ts";

/**
 * Streams from a process of its own while it counts two requests, one after the other.
 * @returns in milliseconds the longest pause between two pieces of the stream while nothing is done, while a request is
 * parsed, while the first is counted, which loads the table, and while the second is; how long both counts took; the
 * megabytes that the process takes before and after
 */
export async function measureServer(way: WayName, requests: readonly [ChatRequest, ChatRequest]) {
  const script = join(import.meta.dir, "streaming-server.ts");
  await using child = Bun.spawn([process.execPath, "--no-env-file", script, way], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { value } = await child.stdout.getReader().read();
  const url = `http://127.0.0.1:${new TextDecoder().decode(value).trim()}`;
  using watch = new StreamWatch();
  const ask = async (path: string, request?: ChatRequest): Promise<number> => {
    const post = request === undefined ? {} : { method: "POST", body: JSON.stringify(request) };
    return Number(await (await fetch(`${url}/${path}`, post)).text());
  };
  /** The longest pause, and what was answered. */
  const askBeside = async (path: string, request: ChatRequest) => {
    let answer = Number.NaN;
    const gapMs = await watch.during(async () => {
      answer = await ask(path, request);
    });
    return [gapMs, answer] as const;
  };
  const megabytesBefore = (await ask("memory")) / 1e6;
  await watch.open(`${url}/stream`);
  const quietGapMs = await watch.during(() => Bun.sleep(500));
  const [parseGapMs] = await askBeside("parse", requests[0]);
  const [firstGapMs, firstCountMs] = await askBeside("count", requests[0]);
  await Bun.sleep(200);
  const [nextGapMs, nextCountMs] = await askBeside("count", requests[1]);
  const gaps = [quietGapMs, parseGapMs, firstGapMs, nextGapMs];
  return [...gaps, firstCountMs, nextCountMs, megabytesBefore, (await ask("memory")) / 1e6];
}
