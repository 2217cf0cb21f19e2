// A server for measuring: it streams a piece every millisecond and counts what is posted, in the way of its argument.
// Prints its port. Run by bench-count.ts.
import type { ChatRequest } from "../../../src/protocols/chat/chat-request.ts";
import { createWay, wayNames } from "./ways-of-counting.ts";

const name = wayNames.find((wayName) => wayName === process.argv[2]);
if (name === undefined) throw new Error(`Say which way to count: ${wayNames.join(", ")}`);
// A server loads its own modules when it starts, and the table of a tokenizer when it first needs it.
let way = name === "claude-proxy" ? createWay(name) : null;
await way;
const memoryBefore = process.memoryUsage.rss();

function streamPieces(): Response {
  const body = new ReadableStream({
    async pull(controller) {
      await Bun.sleep(1);
      controller.enqueue(new Uint8Array(100));
    },
  });
  return new Response(body);
}

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  idleTimeout: 0,
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/stream") return streamPieces();
    if (pathname === "/memory") {
      return Response.json({ before: memoryBefore, now: process.memoryUsage.rss() });
    }
    const chatRequest = (await request.json()) as ChatRequest;
    if (pathname === "/parse") return Response.json({ tokens: 0, ms: 0 });
    way ??= createWay(name);
    const start = performance.now();
    const tokens = await (await way).countRequest(chatRequest);
    return Response.json({ tokens, ms: performance.now() - start });
  },
});
console.log(server.port);
