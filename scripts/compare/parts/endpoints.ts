import { json } from "../../../test/support/reply.ts";
import { hello } from "../../../test/support/start-pair.ts";
import type { Exchange } from "../exchange.ts";
import { type Lane, lanes } from "../lane.ts";

const get = (path: string, headers: Readonly<Record<string, string>> = {}) => ask("GET", path, null, headers);
const post = (path: string, body: object | string, headers: Readonly<Record<string, string>> = {}) =>
  ask("POST", path, typeof body === "string" ? body : JSON.stringify(body), headers);

function ask(
  method: string,
  path: string,
  body: string | null,
  headers: Readonly<Record<string, string>>,
): Exchange {
  const name = Object.entries(headers)
    .map(([header, value]) => `${header}: ${value}`)
    .join(", ");
  return { name, method, path, body, headers, reply: () => json({ choices: [] }) };
}

/** What is asked beside messages, and how a request can be wrong before its body is read; in the first lane. */
export function listEndpoints(lane: Lane): Exchange[] {
  if (lane !== lanes[0]) return [];
  const paths = [
    ...["/", "/status", "/health", "/api/hello", "/api/event_logging/batch", "/v1/models", "/v1/models/m"],
    ...[
      "/v1/models/claude-opus-5-5",
      "/v1/models/a/b",
      "/v1/models?limit=1",
      "/v1/messages",
      "/nowhere",
      "//",
    ],
    ...["/v1/messages/count_tokens", "/v1/v1/models", "/v1/chat/completions", "/v1/complete", "/v1"],
  ];
  return [
    ...paths.flatMap((path) => [get(path), ask("HEAD", path, null, {}), ask("PUT", path, "{}", {})]),
    ...paths.flatMap((path) => [ask("DELETE", path, null, {}), ask("OPTIONS", path, null, {})]),
    ...[...paths, "/v1/v1/messages", "/messages", "/anthropic/v1/messages"].map((path) => post(path, hello)),
    ...["text/plain", "application/json; charset=latin1", "multipart/form-data", ""].map((type) =>
      post("/v1/messages", hello, { "content-type": type }),
    ),
    ...["gzip", "br", "identity", "x"].map((encoding) =>
      post("/v1/messages", hello, { "content-encoding": encoding }),
    ),
    post("/v1/messages", hello, { host: "evil.test" }),
    post("/v1/messages", hello, { origin: "https://evil.test" }),
    post("/v1/messages", hello, { "x-api-key": "sk-anything", "anthropic-beta": "a,b" }),
    post("/v1/messages?beta=true", hello),
    post("/v1/messages", ""),
    post("/v1/messages", "[]"),
    post("/v1/messages", "x".repeat(34 * 1024 * 1024)),
  ];
}
