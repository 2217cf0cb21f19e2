import type { UpstreamReply } from "./shapes.ts";

/** A thread with the upstream: what it has to read and to write must not be taken for a gap. */
declare const self: Worker;

/** Between two events of a stream that is watched. */
const paceMs = 10;

let reply: UpstreamReply | null = null;

self.onmessage = ({ data }: MessageEvent<UpstreamReply | null>) => {
  reply = data;
  self.postMessage("set");
};

const server = Bun.serve({
  port: 0,
  maxRequestBodySize: Number.MAX_SAFE_INTEGER,
  idleTimeout: 0,
  fetch: async (request) => {
    const body = await request.text();
    return body.slice(0, 200).includes("watched/") ? answerSlowly() : answer();
  },
});

function answerSlowly(): Response {
  const event = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: "word " } }] })}\n\n`;
  let timer: Timer;
  const body = new ReadableStream<string>({
    start(controller) {
      timer = setInterval(() => controller.enqueue(event), paceMs);
    },
    cancel() {
      clearInterval(timer);
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

function answer(): Response {
  if (reply === null) {
    const message = { role: "assistant", content: "ok" };
    return Response.json({
      choices: [{ index: 0, message, finish_reason: "stop" }],
      usage: { prompt_tokens: 1, completion_tokens: 1 },
    });
  }
  return new Response(reply.pieces.join(""), { status: reply.status, headers: reply.headers });
}

self.postMessage(server.port);
