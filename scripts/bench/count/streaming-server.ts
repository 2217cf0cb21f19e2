// A server for measuring: it streams a piece every millisecond and counts what is posted, in the way of its argument.
// Prints its port. Run by bench-count.ts.
import type { ChatRequest } from "../../../src/protocols/chat/chat-request.ts";
import { createWay, wayNames } from "./ways-of-counting.ts";

const name = wayNames.find((wayName) => wayName === process.argv[2]);
if (name === undefined) throw new Error(`Say which way to count: ${wayNames.join(", ")}`);
// A server loads its own modules when it starts, and the table of a tokenizer when it first needs it.
let way = name === "claude-proxy" ? createWay(name) : null;
await way;

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
  routes: {
    "/stream": streamPieces,
    "/memory": () => Response.json(process.memoryUsage.rss()),
    "/parse": async (request) => {
      await request.json();
      return Response.json(0);
    },
    "/count": async (request) => {
      const chatRequest: ChatRequest = JSON.parse(await request.text());
      way ??= createWay(name);
      const startMs = performance.now();
      await (await way).countRequest(chatRequest);
      return Response.json(performance.now() - startMs);
    },
  },
});
console.log(server.port);
