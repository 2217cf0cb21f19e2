import { startDemonstrationUpstream } from "../../../src/demo/demonstration-upstream.ts";
import { isJsonObject, type JsonObject } from "../../../src/json/json-value.ts";

/** One thing that an upstream does otherwise than the demonstration upstream, which it otherwise is. */
export interface Breakage {
  /** The request as the model gets it; a text is the reason of a refusal, a status refuses without one. */
  request?: (body: JsonObject) => JsonObject | string | number;
  /** A piece of a stream, or a whole answer; null leaves it out. */
  answer?: (piece: JsonObject) => JsonObject | null;
  /** Streams are sent as whole answers. */
  isWhole?: boolean;
  /** Milliseconds added to the time that it tells. */
  clockMs?: number;
  /** What it lists of its models. */
  models?: JsonObject;
  tls?: { cert: string; key: string };
}

export interface BrokenUpstream {
  readonly url: string;
  /** The requests to the model so far. */
  readonly requests: JsonObject[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts the demonstration upstream with something broken in front of it. */
export function startBrokenUpstream(breakage: Breakage = {}): BrokenUpstream {
  const inner = startDemonstrationUpstream();
  const requests: JsonObject[] = [];
  const {
    request: change = (body) => body,
    answer = (piece) => piece,
    isWhole = false,
    clockMs = 0,
  } = breakage;
  const headers = { date: new Date(Date.now() + clockMs).toUTCString() };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    ...(breakage.tls === undefined ? {} : { tls: breakage.tls }),
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (request.method === "GET") {
        const list = await (await fetch(`${inner.url.replace("/v1", "")}${pathname}`)).json();
        return Response.json(breakage.models ?? list, { headers });
      }
      const body: unknown = await request.json();
      if (!isJsonObject(body)) throw new Error("no object was sent");
      requests.push(body);
      const changed = change(body);
      if (typeof changed === "number")
        return Response.json({ error: { message: "Refused." } }, { status: changed });
      if (typeof changed === "string") {
        const error = { message: changed, type: "invalid_request_error", param: null, code: null };
        return Response.json({ error }, { status: 400, headers });
      }
      const sent = isWhole ? { ...changed, stream: false, stream_options: undefined } : changed;
      const reply = await fetch(`${inner.url.replace("/v1", "")}${pathname}`, {
        method: "POST",
        body: JSON.stringify(sent),
      });
      const text = await reply.text();
      const type = reply.headers.get("content-type") ?? "";
      if (!type.startsWith("text/event-stream"))
        return Response.json(reply.ok ? answer(JSON.parse(text)) : JSON.parse(text), {
          status: reply.status,
        });
      return new Response(changeFrames(text, answer), { headers: { "content-type": type, ...headers } });
    },
  });
  return {
    url: `${breakage.tls === undefined ? "http" : "https"}://127.0.0.1:${server.port}/v1`,
    requests,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([server.stop(true), inner.stop()]);
    },
  };
}

function changeFrames(text: string, answer: (piece: JsonObject) => JsonObject | null): string {
  return text
    .split("\n\n")
    .flatMap((frame) => {
      const data = /^data: (\{.*)$/m.exec(frame)?.[1];
      if (data === undefined) return [frame];
      const changed = answer(JSON.parse(data));
      return changed === null ? [] : [frame.replace(data, () => JSON.stringify(changed))];
    })
    .join("\n\n");
}
