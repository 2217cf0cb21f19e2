import type { ListedRequest, RecordedSession, UsageGroup, UsageSum } from "../record/record-reader.ts";
import type { RecordedExchange } from "../record/recorded-request.ts";
import type { RecorderState } from "../record/recorder.ts";

/** A request that is being answered. */
export interface RunningRequest {
  readonly requestId: string;
  readonly client: string | null;
  readonly sessionId: string | null;
  readonly agentType: string | null;
  readonly kind: string | null;
  readonly clientModel: string | null;
  readonly upstream: string | null;
  readonly model: string | null;
  readonly elapsedMs: number;
  /** Null until the answer has begun. */
  readonly firstByteMs: number | null;
  /** Bytes that the client was sent so far. */
  readonly answerBytes: number;
}

/** A cap, and what was spent against it. */
export interface BudgetState {
  /** `day of everybody`, `day of web-team`. */
  readonly name: string;
  readonly spentUsd: number;
  readonly limitUsd: number;
  /** When the period ends: milliseconds since 1970; null for a session. */
  readonly endsMs: number | null;
}

/** `GET /dashboard/api/now` */
export interface NowAnswer {
  readonly version: string;
  readonly nowMs: number;
  /** Null with `RECORD=off`. */
  readonly record: RecorderState | null;
  readonly recordBodies: "off" | "errors" | "all";
  readonly running: readonly RunningRequest[];
  readonly budgets: readonly BudgetState[];
}

/** `GET /dashboard/api/requests?filter=…&limit=…&before=TIME_MS,SEQ` or `&after=SEQ`. */
export interface RequestsAnswer {
  readonly requests: readonly ListedRequest[];
  /** What is missing in the answer, and why: a search ended early. Null if nothing is. */
  readonly note: string | null;
}

/** `GET /dashboard/api/requests/ID` */
export interface ExchangeAnswer extends RecordedExchange {
  /** A command that sends the upstream the same again, with the key as a variable; null if its request was not kept. */
  readonly curl: string | null;
  /** The same to this proxy, with what the client sent. */
  readonly clientCurl: string | null;
  /** `claude-proxy replay ID` */
  readonly replay: string;
}

/** `GET /dashboard/api/usage?by=…&filter=…` */
export interface UsageAnswer {
  readonly by: UsageGroup;
  readonly sums: readonly UsageSum[];
  /** What is missing in the answer, and why: a search ended early. Null if nothing is. */
  readonly note: string | null;
}

/** `GET /dashboard/api/sessions?filter=…&limit=…` */
export interface SessionsAnswer {
  readonly sessions: readonly RecordedSession[];
  /** What is missing in the answer, and why: a search ended early. Null if nothing is. */
  readonly note: string | null;
}

/** How one target, or one key of an upstream, is. */
export interface TargetHealth {
  /** `upstream/model`, or `upstream key 2`. */
  readonly name: string;
  readonly isHealthy: boolean;
  /** Milliseconds until it is tried again; null if it is not left out. */
  readonly restsMs: number | null;
  /** In a few words. */
  readonly reason: string | null;
}

/** `GET /dashboard/api/upstreams` */
export interface UpstreamsAnswer {
  readonly upstreams: readonly {
    readonly name: string;
    /** Host, port and path, without credentials and query. */
    readonly address: string;
    readonly protocol: string;
    readonly keys: number;
  }[];
  readonly health: readonly TargetHealth[];
  /** What upstreams taught: the sentences of `claude-proxy learned`. */
  readonly learned: readonly { readonly target: string; readonly text: string }[];
}

/** Any failed answer: Anthropic's form. */
export interface ErrorAnswer {
  readonly type: "error";
  readonly error: { readonly type: string; readonly message: string };
}
