import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import { composeAnswer } from "./compose-answer.ts";
import { type AnswerHead, buildChunks, buildCompletion } from "./encode-answer.ts";
import { receivedChatRequestSchema } from "./received-chat-request.ts";

/** Traffic on the wire of the demonstration upstream; `exchange` counts the requests from 1. */
export type UpstreamTraffic =
  | { type: "request"; exchange: number; body: JsonObject }
  /** The text after `data: `, including `[DONE]`. */
  | { type: "chunk"; exchange: number; data: string }
  | { type: "completion"; exchange: number; body: JsonObject };

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

/**
 * Starts a Chat Completions server with no model behind it, on a free port of 127.0.0.1: `POST /v1/chat/completions`
 * (streamed and whole) and `GET /v1/models`. Invalid input gets an error in OpenAI's form; keys are ignored.
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
      "/v1/chat/completions": {
        POST: (request) => answerChatRequest(request, options, () => ++exchanges),
      },
    },
    fetch: (request) =>
      errorResponse(404, `Unknown request URL: ${request.method} ${new URL(request.url).pathname}.`, null),
  });
  const port = new URL(server.url).port;
  return { url: `http://127.0.0.1:${port}/v1`, port: Number(port), stop: () => server.stop(true) };
}

function describeModel(): JsonObject {
  return { id: "demonstration", object: "model", created: 0, owned_by: "claude-proxy" };
}

async function answerChatRequest(
  request: Request,
  { onTraffic = () => {}, paceMs = 0 }: DemonstrationUpstreamOptions,
  countExchange: () => number,
): Promise<Response> {
  const json: unknown = await request.json().catch(() => undefined);
  if (!isJsonObject(json)) return errorResponse(400, "The body is not a JSON object.", null);
  const parsed = receivedChatRequestSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const param = issue?.path.join(".") || null;
    return errorResponse(400, `Invalid ${param ?? "body"}: ${issue?.message}.`, param);
  }

  const received = parsed.data;
  const exchange = countExchange();
  const head: AnswerHead = {
    id: newId("chatcmpl-"),
    toolCallId: newId("call_"),
    model: received.model,
    created: Math.floor(Date.now() / 1000),
  };
  onTraffic({ type: "request", exchange, body: json });

  const answer = composeAnswer(received);
  if (!received.stream) {
    const body = buildCompletion(answer, head);
    onTraffic({ type: "completion", exchange, body });
    return Response.json(body);
  }
  const includesUsage = received.stream_options?.include_usage === true;
  const chunks = buildChunks(answer, head, includesUsage).map((chunk) => JSON.stringify(chunk));
  const events = encodeAtPace([...chunks, "[DONE]"], paceMs, (data) =>
    onTraffic({ type: "chunk", exchange, data }),
  );
  return new Response(events, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
}

/** Random, because clients keep conversations for longer than this server runs. */
function newId(prefix: string): string {
  return prefix + crypto.randomUUID().replaceAll("-", "").slice(0, 24);
}

/** Encodes each line as one server-sent event; Bun ends the iteration when the reader disconnects. */
async function* encodeAtPace(lines: readonly string[], paceMs: number, onLine: (data: string) => void) {
  for (const line of lines) {
    await Bun.sleep(paceMs);
    onLine(line);
    yield `data: ${line}\n\n`;
  }
}

function errorResponse(status: number, message: string, param: string | null): Response {
  const error = { message, type: "invalid_request_error", param, code: null };
  return Response.json({ error }, { status });
}
