import type { UsageGroup } from "../../../record/record-reader.ts";
import type {
  ExchangeAnswer,
  NowAnswer,
  RequestsAnswer,
  SessionsAnswer,
  UpstreamsAnswer,
  UsageAnswer,
} from "../../dashboard-api.ts";
import {
  isExchangeAnswer,
  isNowAnswer,
  isRequestsAnswer,
  isSessionsAnswer,
  isUpstreamsAnswer,
  isUsageAnswer,
} from "./answer-checks.ts";
import { fetchAnswer } from "./fetch-answer.ts";

/** What runs now, and how it stands with the record. Throws an `AnswerFault`, as all of these do. */
export function askNow(signal?: AbortSignal): Promise<NowAnswer> {
  return fetchAnswer({ path: "now", check: isNowAnswer, ...withSignal(signal) });
}

export interface RequestsQuestion {
  readonly filter: string;
  readonly limit: number;
  readonly before?: { readonly timeMs: number; readonly seq: number };
  readonly afterSeq?: number;
}

/** Requests, newest first; with `afterSeq` those that were written since then, oldest first. */
export function askRequests(question: RequestsQuestion, signal?: AbortSignal): Promise<RequestsAnswer> {
  const { filter, limit, before, afterSeq } = question;
  const query = {
    filter,
    limit: String(limit),
    before: before === undefined ? null : `${before.timeMs},${before.seq}`,
    after: afterSeq === undefined ? null : String(afterSeq),
  };
  return fetchAnswer({ path: "requests", query, check: isRequestsAnswer, ...withSignal(signal) });
}

/** One exchange in full. */
export function askExchange(requestId: string, signal?: AbortSignal): Promise<ExchangeAnswer> {
  const path = `requests/${encodeURIComponent(requestId)}`;
  return fetchAnswer({ path, check: isExchangeAnswer, ...withSignal(signal) });
}

/** Sums of each group. */
export function askUsage(
  question: { readonly by: UsageGroup; readonly filter: string },
  signal?: AbortSignal,
): Promise<UsageAnswer> {
  return fetchAnswer({ path: "usage", query: { ...question }, check: isUsageAnswer, ...withSignal(signal) });
}

/** The sessions that were active last. */
export function askSessions(
  { filter, limit }: { readonly filter: string; readonly limit: number },
  signal?: AbortSignal,
): Promise<SessionsAnswer> {
  const query = { filter, limit: String(limit) };
  return fetchAnswer({ path: "sessions", query, check: isSessionsAnswer, ...withSignal(signal) });
}

/** Upstreams, their health, and what they taught. */
export function askUpstreams(signal?: AbortSignal): Promise<UpstreamsAnswer> {
  return fetchAnswer({ path: "upstreams", check: isUpstreamsAnswer, ...withSignal(signal) });
}

function withSignal(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
