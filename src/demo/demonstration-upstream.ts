import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import { answerChatRequest } from "./chat/answer-chat-request.ts";
import { type AnswerRequest, type Frame, type RefusalError, refuse } from "./reply.ts";
import { answerResponsesRequest } from "./responses/answer-responses-request.ts";

/** Traffic on a wire of the demonstration upstream; `exchange` counts the requests from 1. */
export type UpstreamTraffic =
  | { type: "request"; exchange: number; path: string; body: JsonObject }
  /** A piece of a stream: the text after `data: `, including `[DONE]`. */
  | { type: "chunk" | "response event"; exchange: number; data: string }
  | { type: "completion" | "response"; exchange: number; body: JsonObject };

export interface DemonstrationUpstreamOptions {
  /** Called with all traffic, in order and at once. */
  onTraffic?: (traffic: UpstreamTraffic) => void;
  /** Milliseconds before each chunk of a streamed answer. */
  paceMs?: number;
}

export interface DemonstrationUpstream {
  /** The base URL, without a slash at the end: `http://127.0.0.1:54321/v1`. */
  url: string;
  port: number;
  /** Closes every connection at once. */
  stop(): Promise<void>;
}

/** The endpoints, each of which speaks a wire of its own. */
const answerOf = new Map<string, AnswerRequest>([
  ["/v1/chat/completions", answerChatRequest],
  ["/v1/responses", answerResponsesRequest],
]);

/**
 * Starts a server with no model behind it, on a free port of 127.0.0.1: `POST /v1/chat/completions` and
 * `POST /v1/responses` (streamed and whole), and `GET /v1/models`. Invalid input gets an error in OpenAI's form; keys
 * are ignored.
 */
export function startDemonstrationUpstream(
  options: DemonstrationUpstreamOptions = {},
): DemonstrationUpstream {
  let exchanges = 0;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    routes: {
      "/v1/models": { GET: () => Response.json({ object: "list", data: [describeModel()] }) },
    },
    fetch(request) {
      const path = new URL(request.url).pathname;
      const answer = request.method === "POST" ? answerOf.get(path) : undefined;
      if (answer !== undefined) return answerRequest(request, { path, answer }, options, () => ++exchanges);
      return respondWith(404, refuse(`Unknown request URL: ${request.method} ${path}.`, null).error);
    },
  });
  const port = new URL(server.url).port;
  return { url: `http://127.0.0.1:${port}/v1`, port: Number(port), stop: () => server.stop(true) };
}

function describeModel(): JsonObject {
  return { id: "demonstration", object: "model", created: 0, owned_by: "claude-proxy" };
}

async function answerRequest(
  request: Request,
  { path, answer }: { path: string; answer: AnswerRequest },
  { onTraffic = () => {}, paceMs = 0 }: DemonstrationUpstreamOptions,
  countExchange: () => number,
): Promise<Response> {
  const json: unknown = await request.json().catch(() => undefined);
  if (!isJsonObject(json)) return respondWith(400, refuse("The body is not a JSON object.", null).error);
  const reply = answer(json, newId);
  if (reply.type === "refusal") return respondWith(400, reply.error);

  const exchange = countExchange();
  onTraffic({ type: "request", exchange, path, body: json });
  if (reply.type === "whole") {
    onTraffic({ type: reply.word, exchange, body: reply.body });
    return Response.json(reply.body);
  }
  const events = encodeAtPace(reply.frames, paceMs, (data) =>
    onTraffic({ type: reply.word, exchange, data }),
  );
  return new Response(events, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
}

/** Random, because clients keep conversations for longer than this server runs. */
function newId(prefix: string): string {
  return prefix + crypto.randomUUID().replaceAll("-", "").slice(0, 24);
}

/** Encodes each frame as one server-sent event; Bun ends the iteration when the reader disconnects. */
async function* encodeAtPace(frames: readonly Frame[], paceMs: number, onData: (data: string) => void) {
  for (const { name, data } of frames) {
    await Bun.sleep(paceMs);
    onData(data);
    yield `${name === null ? "" : `event: ${name}\n`}data: ${data}\n\n`;
  }
}

function respondWith(status: number, error: RefusalError): Response {
  return Response.json({ error }, { status });
}
