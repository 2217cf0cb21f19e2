import { type BodyStep, type Reply, sseOf } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import type { Upstream } from "../support/upstream.ts";
import type { Wire } from "../support/wires.ts";
import { type Answer, readAnswer } from "./answer.ts";

/**
 * Words that must turn up nowhere but in the one header they are for. They do not look like keys, which are masked by
 * their looks, and have characters that encodings treat in ways of their own.
 */
export const canaries = {
  upstreamKey: "zz-canary/up+stream=5d41402abc4b2a76",
  clientKey: "canary/client+7d793037a0760186574b",
};

export const neighbourText = "the neighbour has said everything";

/** The time in which a request was under way, by `performance.now()`; without an end where the test took care of it. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/** A proxy with an upstream behind it, and what a test asks of it. */
export interface Scene {
  url: string;
  upstream: Upstream;
  /** Sends a messages request with the client's key and reads the answer to its end. */
  ask(body?: object, init?: { signal?: AbortSignal }): Promise<Answer>;
  /** The same, without reading the answer. Its outcome is the caller's to check, and so is `noteRequest`. */
  post(
    body: string | Uint8Array<ArrayBuffer> | object,
    init?: { signal?: AbortSignal; headers?: Record<string, string> },
  ): Promise<Response>;
  /** Counts requests that were sent by other means. */
  noteRequest(count?: number): void;
  answers: Answer[];
  /** Requests sent so far. */
  sent(): number;
  spans: Span[];
  /** The healthy stream that runs beside the fault: ends it and gives its answer. Null where there is none. */
  endNeighbour(): Promise<Answer | null>;
  hasNeighbour: boolean;
  isNeighbour(requestId: string): boolean;
}

/** Opens a scene; the neighbour's stream is under way then, and is the first request that the upstream has got. */
export async function openScene(
  url: string,
  upstream: Upstream,
  hasNeighbour: boolean,
  wire: Wire,
): Promise<Scene> {
  const answers: Answer[] = [];
  const spans: Span[] = [];
  const post: Scene["post"] = (body, init = {}) =>
    fetch(`${url}/v1/messages`, {
      method: "POST",
      body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
      ...init,
      headers: { "content-type": "application/json", "x-api-key": canaries.clientKey, ...init.headers },
      keepalive: false,
    });
  const neighbour = hasNeighbour ? await openNeighbour(upstream, post, wire) : null;
  const noteRequest = (): Span => {
    const span = { fromMs: performance.now(), toMs: Number.POSITIVE_INFINITY };
    spans.push(span);
    return span;
  };
  return {
    url,
    upstream,
    post,
    noteRequest: (count = 1) => {
      for (let noted = 0; noted < count; noted += 1) noteRequest();
    },
    ask: async (body = { ...hello, stream: true }, init = {}) => {
      const span = noteRequest();
      const answer = await readAnswer(await post(body, init));
      span.toMs = performance.now();
      answers.push(answer);
      return answer;
    },
    answers,
    spans,
    sent: () => spans.length,
    endNeighbour: async () => (await neighbour?.end()) ?? null,
    hasNeighbour,
    isNeighbour: (requestId) => requestId === neighbour?.requestId,
  };
}

async function openNeighbour(upstream: Upstream, post: Scene["post"], wire: Wire) {
  const { reply, end } = createNeighbourReply(wire);
  upstream.reply(reply);
  const response = await post({ ...hello, stream: true });
  let answer: Promise<Answer> | null = null;
  return {
    requestId: response.headers.get("request-id") ?? "",
    end: () => {
      end();
      answer ??= readAnswer(response);
      return answer;
    },
  };
}

/** A stream that says a little again and again until it may end. */
function createNeighbourReply(wire: Wire): { reply: Reply; end: () => void } {
  let mayEnd = false;
  const event = (value: object) => new TextEncoder().encode(`data: ${JSON.stringify(value)}\n\n`);
  const body = function* (): Generator<BodyStep> {
    yield event(wire.text("the neighbour"));
    while (!mayEnd) {
      yield { waitMs: 20 };
      yield new TextEncoder().encode(": still here\n\n");
    }
    yield event(wire.text(" has said everything"));
    yield event(wire.end());
    yield new TextEncoder().encode("data: [DONE]\n\n");
  };
  return {
    reply: sseOf(body()),
    end: () => {
      mayEnd = true;
    },
  };
}
