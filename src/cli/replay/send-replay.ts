import type { RecordReader } from "../../record/record-reader.ts";
import type { RecordedRequest } from "../../record/recorded-request.ts";
import type { Replay } from "./find-replay.ts";
import type { ReplayProxy } from "./find-replay-proxy.ts";
import { readAnswer } from "./read-answer.ts";
import type { AnswerWords, ReplayAnswer } from "./replay-answer.ts";

/** How long the record of a running proxy is waited for. */
const recordWaitMs = 2000;
const recordCheckMs = 50;

/** The kinds that a request's own texts do not say, as Claude Code's hints name them: a rule may ask for them. */
const hintedKinds = ["main", "subagent", "compaction"];

/**
 * Sends a recorded request to a proxy. Never throws for what this answer lacks: the others are still of use.
 * @param model asked for instead of the recorded one; null for the same
 */
export async function sendReplay(
  replay: Replay,
  model: string | null,
  { url, headers, reader }: ReplayProxy,
): Promise<ReplayAnswer> {
  const received = await receive(`${url}/v1/messages`, {
    headers: { ...headers, ...headersOf(replay.request) },
    body: model === null ? replay.text : JSON.stringify({ ...replay.body, model }),
  });
  const requestId = received.response?.headers.get("request-id") ?? null;
  const recorded = reader === null || requestId === null ? null : await waitForRecord(reader, requestId);
  return composeAnswer(model ?? replay.recorded.asked, received, recorded);
}

function headersOf({ requestId, kind, agentType }: RecordedRequest): Record<string, string> {
  return {
    "content-type": "application/json",
    "anthropic-version": "2023-06-01",
    // The session in its body has not asked this: it spends nothing there, and breaks no cache of its turns.
    "x-claude-code-session-id": `replay-${requestId}`,
    ...(kind !== null && hintedKinds.includes(kind) ? { "x-claude-code-request-class": kind } : {}),
    ...(agentType !== null && /^[\x20-\x7e]+$/.test(agentType)
      ? { "x-claude-code-agent-type": agentType }
      : {}),
  };
}

/** An answer as it was seen from outside. */
interface Received {
  /** Null if none came. */
  readonly response: Response | null;
  readonly text: string;
  /** Why it is not whole; null if it is. */
  readonly failure: string | null;
  readonly firstByteMs: number | null;
  readonly durationMs: number;
}

async function receive(
  url: string,
  request: { headers: Record<string, string>; body: string },
): Promise<Received> {
  const startMs = performance.now();
  const elapsedMs = () => performance.now() - startMs;
  const decoder = new TextDecoder();
  let response: Response | null = null;
  let text = "";
  let firstByteMs: number | null = null;
  let failure: string | null = null;
  try {
    // The server is on this machine, and limits the time itself.
    const options = { method: "POST", proxy: false, redirect: "manual", timeout: false } as const;
    response = await fetch(url, { ...request, ...options });
    for await (const bytes of response.body ?? []) {
      firstByteMs ??= elapsedMs();
      text += decoder.decode(bytes, { stream: true });
    }
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  return { response, text, failure, firstByteMs, durationMs: elapsedMs() };
}

/** What the proxy recorded of the answer is better than what was seen from outside. */
function composeAnswer(
  asked: string | null,
  { response, text, failure, firstByteMs, durationMs }: Received,
  recorded: RecordedRequest | null,
): ReplayAnswer {
  const words = readAnswer(text);
  const header = (name: string) => response?.headers.get(name) ?? null;
  return {
    asked,
    requestId: header("request-id"),
    upstream: recorded?.upstream ?? header("x-claude-proxy-upstream"),
    model: recorded?.model ?? header("x-claude-proxy-model"),
    status: response?.status ?? null,
    text: words.text,
    toolCalls: words.toolCalls,
    stopReason: words.stopReason,
    error: failure ?? findError(words, response),
    inputTokens: words.usage?.inputTokens ?? null,
    outputTokens: words.usage?.outputTokens ?? null,
    cacheReadTokens: words.usage?.cacheReadTokens ?? null,
    cacheWriteTokens: words.usage?.cacheWriteTokens ?? null,
    costUsd: recorded?.costUsd ?? null,
    durationMs: recorded?.durationMs ?? durationMs,
    firstByteMs: recorded?.firstByteMs ?? firstByteMs,
  };
}

function findError({ error, stopReason }: AnswerWords, response: Response | null): string | null {
  if (error !== null) return error;
  if (response?.ok !== true) return `the answer has status ${response?.status}`;
  return stopReason === null ? "the answer ended before its message did" : null;
}

/** The record of a request that has just ended; null if the proxy keeps none, or if it takes too long. */
async function waitForRecord(
  reader: Pick<RecordReader, "find">,
  requestId: string,
): Promise<RecordedRequest | null> {
  for (const endMs = performance.now() + recordWaitMs; performance.now() < endMs; ) {
    const found = await reader.find(requestId);
    if (found !== null) return found.request;
    await Bun.sleep(recordCheckMs);
  }
  return null;
}
