import { expect } from "bun:test";
import { chatProtocol } from "../../src/protocols/chat/chat-protocol.ts";
import type { ChatChunk } from "../../src/protocols/chat/chat-response.ts";
import { createSendBudget } from "../../src/upstream/send-budget.ts";
import {
  type CallTraits,
  createUpstreamClient,
  type UpstreamAnswer,
  type UpstreamClient,
  type UpstreamClientOptions,
} from "../../src/upstream/upstream-client.ts";
import { UpstreamError } from "../../src/upstream/upstream-error.ts";
import { plainItems } from "./plain-items.ts";

export const chatRequest = { model: "m", messages: [{ role: "user" as const, content: "hé" }] };

const { path, decoder } = chatProtocol;

/** What every call of Chat Completions has. */
export const chatCall = { path, decoder };

/** Those of most upstreams. */
export const plainTraits: CallTraits = { sendsAttribution: false, keyHeader: "bearer", silenceSeconds: null };

/** What the calls of the tests are made with. */
export const clientKey = "canary-key-0123456789";

/** A client of the upstream at `baseUrl`. */
export function clientOf(baseUrl: string, options: Partial<UpstreamClientOptions> = {}): UpstreamClient {
  return createUpstreamClient({
    baseUrl,
    keys: [clientKey],
    refererUrl: "https://referer.test",
    appName: "App",
    version: "9.8.7",
    ...options,
  });
}

/** Sends the chat request of the tests. */
export function send(
  client: UpstreamClient,
  {
    stream = true,
    controller = new AbortController(),
  }: { stream?: boolean; controller?: AbortController } = {},
): Promise<UpstreamAnswer<ChatChunk>> {
  return client.send({
    ...chatCall,
    body: { ...chatRequest, stream },
    key: clientKey,
    isStreamed: stream,
    traits: plainTraits,
    budget: createSendBudget(),
    controller,
  });
}

/** The source of a streamed answer; fails the test for a whole one. */
export function sourceOf(answer: UpstreamAnswer<ChatChunk>) {
  if (answer.kind !== "events") throw new Error("expected a stream");
  return answer.source;
}

/** All items of a streamed answer, as plain values, one list for every read. */
export async function readAll(answer: UpstreamAnswer<ChatChunk>): Promise<unknown[][]> {
  const source = sourceOf(answer);
  const reads: unknown[][] = [];
  for (let items = await source.read(); items !== null; items = await source.read()) {
    reads.push(plainItems(items));
  }
  return reads;
}

/** The UpstreamError that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<UpstreamError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof UpstreamError) return error;
    throw error;
  }
  return expect.unreachable("expected an UpstreamError");
}

/** All that an error says, without its cause. */
export function said({ kind, message, status, body, headers, phase, host, attempts }: UpstreamError) {
  return { kind, message, status, body, headers, phase, host, attempts };
}
