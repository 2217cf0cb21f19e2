import { createParser } from "eventsource-parser";
import type { ApiError } from "../anthropic/api-error.ts";
import { checkMessagesRequest, requestFault } from "../anthropic/check-request.ts";
import type { ModelPrice } from "../config/file-config.ts";
import type { JsonObject } from "../json/json-value.ts";
import { parseExactJson } from "../json/long-numbers.ts";
import type { Logger } from "../logging/logger.ts";
import { createBodyKeepers } from "../record/bodies/create-body-keepers.ts";
import { costOf } from "../record/cost-of.ts";
import { createClientHead } from "../relay/client-head.ts";
import { createExchange, type EndedExchange } from "../relay/exchange.ts";
import type { Relay } from "../relay/relay.ts";
import type { RelayedAnswer } from "../relay/relayed-answer.ts";
import { reportThrown } from "../relay/report-thrown.ts";
import type { Ask, Heard, HeardError } from "./check.ts";
import { HeardBlocks } from "./heard-blocks.ts";

export interface AskerOptions {
  readonly relay: Relay;
  readonly logger: Logger;
  readonly newId: (prefix: string) => string;
  /** What the target costs; null if that is not known. */
  readonly price: ModelPrice | null;
  /** How long an answer may take as a whole. */
  readonly limitMs: number;
  /** Takes keys out of what is told. */
  readonly redact: (text: string) => string;
}

/** The id that a request asks for; what is tried is the only target that there is. */
const askedModel = "claude-opus-doctor";

/** Statuses by which an upstream refuses a request for what is in it, and not for who asks or how much. */
const refusingStatuses = new Set([400, 404, 405, 413, 415, 422, 424, 501]);

/** Creates what sends requests through the relay, as the server does for a client, and keeps what was said. */
export function createAsker(options: AskerOptions): Ask {
  const keepers = createBodyKeepers({ mode: "all" });
  return async (body) => {
    const bodies = keepers();
    const ended = Promise.withResolvers<EndedExchange & { sent: string; received: string }>();
    const end = (exchange: EndedExchange) => ended.resolve({ ...exchange, ...takeBodies(bodies) });
    const request = createRequest();
    const exchange = createExchange(request, {
      requestId: options.newId("req"),
      now: () => new Date(),
      logger: options.logger,
      observers: [{ end }],
      bodies,
    });
    const blocks = new HeardBlocks();
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), options.limitMs);
    const whole = { model: askedModel, stream: true, ...body };
    let error: ApiError | null = null;
    let answer: RelayedAnswer | null = null;
    try {
      const checked = await checkMessagesRequest(whole);
      if (!checked.success) throw requestFault(checked.error);
      const text = new TextEncoder().encode(JSON.stringify(whole));
      answer = await options.relay.open(checked.data, {
        exchange,
        head: createClientHead(request, () => false),
        client: null,
        sessionId: null,
        bodyBytes: text,
        isLarge: false,
        addsUsage: false,
        signal: controller.signal,
      });
      await readAnswer(answer, blocks);
      answer.finish({ kind: "whole" });
    } catch (thrown) {
      error =
        answer?.fail(thrown) ??
        reportThrown(thrown, { logger: options.logger, requestId: exchange.requestId });
      exchange.noteError(error, exchange.fields.phase);
    } finally {
      clearTimeout(timer);
    }
    exchange.end();
    const failure = describeFailure(error, blocks, { isLate: controller.signal.aborted, options });
    return describe(whole, blocks, { ...(await ended.promise), failure, options });
  };
}

function createRequest(): Request {
  const headers = { "content-type": "application/json", "anthropic-version": "2023-06-01" };
  return new Request("http://127.0.0.1/v1/messages", { method: "POST", headers });
}

async function readAnswer({ reader }: RelayedAnswer, blocks: HeardBlocks): Promise<void> {
  const decoder = new TextDecoder();
  const parser = createParser({ onEvent: ({ data }) => blocks.add(parseExactJson(data)) });
  for (;;) {
    const piece = await reader.read();
    if (piece === null) return;
    if (piece instanceof Uint8Array) parser.feed(decoder.decode(piece, { stream: true }));
    else for (const event of piece) blocks.add(event);
  }
}

/** What went over the upstream's wires, of the last send. */
function takeBodies(keeper: ReturnType<ReturnType<typeof createBodyKeepers>>): {
  sent: string;
  received: string;
} {
  const kept = keeper.take();
  const textOf = (name: string) =>
    Buffer.concat(
      (kept.findLast((body) => body.name === name)?.pieces ?? []).map((piece) => Buffer.from(piece)),
    ).toString("utf8");
  return { sent: textOf("upstream-request"), received: textOf("upstream-response") };
}

function describeFailure(
  error: ApiError | null,
  { failure }: HeardBlocks,
  { isLate, options }: { isLate: boolean; options: AskerOptions },
): Omit<HeardError, "isRefusal"> | null {
  if (isLate)
    return { type: "timeout_error", message: `there was no whole answer within ${options.limitMs / 1000} s` };
  if (error !== null) return { type: error.type, message: options.redact(error.message) };
  return failure === null ? null : { type: "api_error", message: options.redact(failure) };
}

function describe(
  body: JsonObject,
  blocks: HeardBlocks,
  {
    record,
    trace,
    sent,
    received,
    failure,
    options,
  }: EndedExchange & {
    sent: string;
    received: string;
    failure: Omit<HeardError, "isRefusal"> | null;
    options: AskerOptions;
  },
): Heard {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = record;
  const input = (inputTokens ?? 0) + (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0);
  const status = trace.sends.at(-1)?.status ?? null;
  const isRefusal = status !== null && refusingStatuses.has(status);
  return {
    body,
    blocks: blocks.blocks,
    text: blocks.text,
    calls: blocks.calls,
    stopReason: blocks.stopReason,
    error: failure === null ? null : { ...failure, isRefusal },
    notes: [
      ...record.dropped.map((field) => `left out ${field}`),
      // Another check of the same run may have learned it.
      ...record.repairs.map((words) => words.replace(/ \(learned earlier\)$/, "")),
      ...record.warnings,
    ].map(options.redact),
    sent,
    received,
    family: trace.family,
    protocol: record.protocol,
    usageEstimated: record.usageEstimated,
    tokens: outputTokens === null ? null : { input, output: outputTokens },
    costUsd: costOf(record, trace.price ?? options.price)?.usd ?? null,
  };
}
