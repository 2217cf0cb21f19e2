import type { JsonObject } from "../json/json-value.ts";

/** What is tried, in the order in which it is told. */
export const checkIds = [
  "text",
  "usage",
  "tool",
  "parallel",
  "forced",
  "round-trip",
  "reasoning",
  "stop",
  "image",
  "pdf",
  "structured",
  "long-name",
  "many-tools",
  "system",
  "window",
] as const;

export type CheckId = (typeof checkIds)[number];

/** How a check ended; the last one of a check that needs another, which failed. */
export type Standing = "pass" | "repaired" | "not offered" | "fails" | "not tried";

/** A call of a tool in an answer. */
export interface HeardCall {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

/** A refusal or a failure, as the client would be told of it. */
export interface HeardError {
  readonly type: string;
  readonly message: string;
  /** The upstream itself refused the request, for what is in it. */
  readonly isRefusal: boolean;
}

/** One request as the client would have sent it, and what came of it. */
export interface Heard {
  readonly body: JsonObject;
  /** The content blocks of the answer, as a client keeps them. */
  readonly blocks: readonly JsonObject[];
  readonly text: string;
  readonly calls: readonly HeardCall[];
  readonly stopReason: string | null;
  /** Null for a whole answer. */
  readonly error: HeardError | null;
  /** What was dropped, repaired and warned of on the way, in the words of the log. */
  readonly notes: readonly string[];
  /** The request that the upstream answered, as JSON. */
  readonly sent: string;
  /** What the upstream answered, as it came. */
  readonly received: string;
  /** The family whose dialect was spoken, and the wire; null if nothing was sent. */
  readonly family: string | null;
  readonly protocol: string | null;
  readonly usageEstimated: boolean;
  readonly tokens: { readonly input: number; readonly output: number } | null;
  /** Dollars; null if not known. */
  readonly costUsd: number | null;
}

/** Sends a messages request, with `model` and `stream` still missing, and gives back what came of it. Never throws. */
export type Ask = (body: JsonObject) => Promise<Heard>;

/** What a check has found, before it is known what the proxy had to mend. */
export interface Verdict {
  readonly standing: Standing;
  /** What was seen; one sentence. */
  readonly found: string;
}

/** What a check may know beside its own answers. */
export interface CheckFacts {
  /** The first answer of another check that is needed; absent if that was not tried. */
  readonly first: (id: CheckId) => Heard | undefined;
  /** Tokens; null if the upstream does not say it. */
  readonly toldWindow: number | null;
  /** Tokens, by the configuration file; null if it says none. */
  readonly writtenWindow: number | null;
}

/** Something that Claude Code does, tried with a small request or two. */
export interface Check {
  readonly id: CheckId;
  readonly name: string;
  /** Checks that must have worked, or this one means nothing. */
  readonly needs: readonly CheckId[];
  /** Whether Claude Code is of no use without it: then a refusal is a failure. */
  readonly isEssential: boolean;
  /** How many requests it sends, if all goes well. */
  readonly requests: number;
  /** What it means for Claude Code if it is missing, and what the proxy does about it; one sentence. */
  readonly meaning: string;
  run(ask: Ask, facts: CheckFacts): Promise<Verdict>;
}

/** What is told of a check. */
export interface CheckResult extends Verdict {
  readonly id: CheckId;
  readonly name: string;
  /** What the proxy had to mend, each told with the first check that it was seen in. */
  readonly repairs: readonly string[];
  /** Null where nothing is missing. */
  readonly meaning: string | null;
  readonly ms: number;
  readonly requests: number;
}
