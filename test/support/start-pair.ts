import { expect } from "bun:test";
import type { FileConfig } from "../../src/config/file-config.ts";
import { startTestProxy, type TestProxy, type TestProxyOptions } from "./start-proxy.ts";
import { isObject, type Json, objectOf } from "./strict/json.ts";
import { startUpstream, type Upstream } from "./upstream.ts";

export interface Pair {
  upstream: Upstream;
  proxy: TestProxy;
  /** Sends a messages request: an object as JSON, a string as it is. */
  post(body: unknown, init?: { headers?: Record<string, string>; signal?: AbortSignal }): Promise<Response>;
  /** Asks for the count of a messages request, the smallest when none is given. */
  count(body?: unknown): Promise<Response>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface PairOptions extends TestProxyOptions {
  /** The configuration file, given the address of the upstream; none by default. */
  fileOf?: (baseUrl: string) => FileConfig;
}

/** A scripted upstream and a proxy in front of it: `await using pair = await startPair()`. */
export async function startPair({ fileOf, ...options }: PairOptions = {}): Promise<Pair> {
  const upstream = await startUpstream();
  const settings = fileOf === undefined ? {} : { file: fileOf(upstream.baseUrl) };
  const proxy = await startTestProxy(upstream.baseUrl, {
    ...options,
    settings: { ...options.settings, ...settings },
  });
  const send = (
    path: string,
    body: unknown,
    init: { headers?: Record<string, string>; signal?: AbortSignal },
  ) =>
    fetch(`${proxy.url}${path}`, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
      ...init,
      headers: { "content-type": "application/json", ...init.headers },
    });
  return {
    upstream,
    proxy,
    post: (body, init = {}) => send("/v1/messages", body, init),
    count: (body = hello) => send("/v1/messages/count_tokens", body, {}),
    [Symbol.asyncDispose]: async () => {
      await proxy.stop();
      await upstream.stop();
    },
  };
}

/** The smallest messages request. */
export const hello = {
  model: "claude-sonnet-5-5",
  max_tokens: 100,
  messages: [{ role: "user", content: "hi" }],
};

/** The parsed body, which must be a JSON object. */
export async function readObject(response: Response): Promise<Json> {
  const body: unknown = await response.json();
  if (!isObject(body)) throw new Error(`not an object: ${JSON.stringify(body)}`);
  return body;
}

/** Status, type and message of a failure. Its body must have the Anthropic form and the header's request id. */
export async function readFailure(response: Response): Promise<[number, string, string]> {
  const body = await readObject(response);
  const error = objectOf(body["error"]);
  expect(body).toEqual({
    type: "error",
    error: { type: expect.any(String), message: expect.any(String) },
    request_id: expect.stringMatching(/^req_[0-9A-Za-z]{24}$/),
  });
  expect(response.headers.get("request-id")).toBe(String(body["request_id"]));
  expect(response.headers.get("content-type")).toStartWith("application/json");
  return [response.status, String(error["type"]), String(error["message"])];
}

/** Reads a body to its end. */
export async function readBytes(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}
