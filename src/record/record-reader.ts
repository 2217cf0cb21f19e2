import type { RecordFilter } from "./record-filter.ts";
import type { RecordedExchange, RecordedRequest } from "./recorded-request.ts";

/** A place in the list of requests: those of the same millisecond are told apart by their number. */
export interface RecordCursor {
  readonly timeMs: number;
  readonly seq: number;
}

export interface ListQuery {
  readonly filter: RecordFilter;
  readonly limit: number;
  /** Only requests that came before this one; null for the newest. */
  readonly before: RecordCursor | null;
  /** Only requests that were written after this number, oldest first: what is new since then. */
  readonly afterSeq: number | null;
  /** What is new will be asked for next: only requests behind which nothing with a smaller number can still come. */
  readonly isFollowed?: boolean;
}

export interface ListedRequest extends RecordedRequest {
  /** The order in which requests were written. */
  readonly seq: number;
  readonly hasBodies: boolean;
}

/** What the sums are made for. */
export const usageGroups = [
  "day",
  "week",
  "month",
  "model",
  "upstream",
  "client",
  "session",
  "kind",
] as const;

export type UsageGroup = (typeof usageGroups)[number];

export interface UsageQuery {
  readonly by: UsageGroup;
  readonly filter: RecordFilter;
}

/** The sums of some requests. */
export interface UsageSum {
  /** What they have in common: `2026-11-30`, `2026-W49`, a model, a name; null where it is not known. */
  readonly key: string | null;
  readonly requests: number;
  readonly errors: number;
  /** All tokens of the prompts: those from the cache and those written to it included. */
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly thinkingTokens: number;
  /** Dollars of those whose cost is known. */
  readonly costUsd: number;
  /** How many of them answered, and have no known cost: never free. */
  readonly unknownCosts: number;
  readonly medianFirstByteMs: number | null;
  readonly worstFirstByteMs: number | null;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** One agent of a session: the main conversation, or a sub-agent. */
export interface SessionAgent {
  /** Null is the main conversation. */
  readonly agentId: string | null;
  readonly parentAgentId: string | null;
  readonly agentType: string | null;
  readonly requests: number;
  readonly errors: number;
  readonly costUsd: number;
  readonly unknownCosts: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** The model that answered last. */
  readonly model: string | null;
  /** Tokens of its last answered request: prompt and answer. */
  readonly contextTokens: number | null;
  readonly window: number | null;
}

export interface RecordedSession {
  readonly sessionId: string;
  readonly client: string | null;
  readonly agents: readonly SessionAgent[];
  readonly sum: UsageSum;
}

/** Told once, in a sentence for the user, if an answer is not the whole: a search of bodies ended before its end. */
export type ReadNote = (text: string) => void;

/** Reads what was recorded, from newest to oldest. */
export interface RecordReader {
  list(query: ListQuery, note?: ReadNote): Promise<readonly ListedRequest[]>;
  /** The exchange with this id, or the only one whose id begins so; null if there is none, or more than one. */
  find(requestId: string): Promise<RecordedExchange | null>;
  /** The sums of each group, times from oldest to newest, others from the most expensive; for days the local time zone counts. */
  sum(query: UsageQuery, note?: ReadNote): Promise<readonly UsageSum[]>;
  /** The sessions that were active last, with their agents. */
  sessions(
    query: { filter: RecordFilter; limit: number },
    note?: ReadNote,
  ): Promise<readonly RecordedSession[]>;
  /** What was spent since then, in dollars, and the tokens of requests without a known cost. */
  spent(query: SpentQuery): Promise<Spent>;
  close(): Promise<void>;
}

/** A reader in the thread that asks. */
export interface LocalRecordReader extends RecordReader {
  /** Whether anything may be recorded there: false without a file, or without tables. */
  hasBegun(): Promise<boolean>;
  /** How many requests there are, and since when. */
  extent(): Promise<RecordExtent>;
}

export interface RecordExtent {
  readonly requests: number;
  /** The time of the oldest; null if there is none. */
  readonly firstMs: number | null;
}

export interface SpentQuery {
  readonly sinceMs: number;
  /** Left out for all. */
  readonly client?: string;
  readonly sessionId?: string;
}

export interface Spent {
  readonly usd: number;
  /** Of answers whose cost is not known. */
  readonly unknown: {
    readonly requests: number;
    readonly promptTokens: number;
    readonly outputTokens: number;
  };
}
