import type { Logger } from "../logging/logger.ts";
import { createTextRedactor } from "../logging/redact-text.ts";
import type { RequestRecord } from "../logging/request-record.ts";

/** The last request that failed, as its client was told. */
export interface Failure {
  time: Date;
  status: number;
  type: string;
  /** At most 500 characters, with no key in it. */
  message: string;
  /** The upstream's model, or the one the client named; null when there was none. */
  model: string | null;
}

/** What has been asked since the start, for whoever asks how the proxy is. */
export interface RequestHistory {
  /** Messages requests that have ended, those at a wrong path among them. */
  readonly requests: number;
  /** Those of them that failed; a client that went away is no failure. */
  readonly failures: number;
  /** Null as long as none has failed. */
  readonly lastFailure: Failure | null;
}

const longestMessage = 500;
/** More is not searched for keys, and nothing of it is kept. */
const longestSearched = 20_000;

/**
 * Looks on as requests are logged.
 * @param secrets values that may not be told again
 * @returns the history, and a logger that does as the given one and keeps it
 */
export function keepRequestHistory(
  logger: Logger,
  secrets: readonly string[],
): { history: RequestHistory; logger: Logger } {
  const redact = createTextRedactor(secrets);
  const history: { -readonly [Name in keyof RequestHistory]: RequestHistory[Name] } = {
    requests: 0,
    failures: 0,
    lastFailure: null,
  };
  const note = (record: RequestRecord): void => {
    const { path, status, errorType, errorMessage, clientModel, upstreamModel, time } = record;
    // By its end, as a base URL may end in /v1. What strangers try would hide the failure that somebody looks for.
    if (!path.endsWith("/messages")) return;
    history.requests += 1;
    if (errorType === null || status === 499) return;
    history.failures += 1;
    const clean = (text: string) => redact(text.slice(0, longestSearched)).slice(0, longestMessage);
    const model = upstreamModel ?? clientModel;
    history.lastFailure = {
      time,
      status,
      type: errorType,
      message: clean(errorMessage ?? ""),
      model: model === null ? null : clean(model),
    };
  };
  return {
    history,
    logger: {
      ...logger,
      request(record) {
        note(record);
        logger.request(record);
      },
    },
  };
}
