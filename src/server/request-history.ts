import type { Logger } from "../logging/logger.ts";
import { createGrowingRedactor } from "../logging/redact-text.ts";
import type { RequestRecord } from "../logging/request-record.ts";

/** The last request that failed, as reported to its client. */
export interface Failure {
  time: Date;
  status: number;
  type: string;
  /** At most 500 characters, with no key in it. */
  message: string;
  /** The upstream's model, or else the one that the client named; null when there was none. */
  model: string | null;
}

/** The requests since the start, for a person who asks how the proxy is doing. */
export interface RequestHistory {
  /** Messages requests that have ended, including those at a wrong path. */
  readonly requests: number;
  /** Those of them that failed; a client that disconnected is no failure. */
  readonly failures: number;
  /** Null until a request has failed. */
  readonly lastFailure: Failure | null;
}

const longestMessage = 500;
/** A longer text is cut here before keys are searched for in it. */
const longestSearched = 20_000;

/**
 * Records the requests as they are logged.
 * @param secrets values that must not be repeated
 * @returns the history, a logger that wraps the given one and updates the history, and how to add secrets later
 */
export function keepRequestHistory(
  logger: Logger,
  secrets: readonly string[],
): { history: RequestHistory; logger: Logger; addSecrets: (secrets: readonly string[]) => void } {
  const { redact, addSecrets } = createGrowingRedactor(secrets);
  const history: { -readonly [Name in keyof RequestHistory]: RequestHistory[Name] } = {
    requests: 0,
    failures: 0,
    lastFailure: null,
  };
  const note = (record: RequestRecord): void => {
    const { path, status, errorType, errorMessage, clientModel, upstreamModel, time } = record;
    // Compares the end of the path, because a base URL may end in /v1. Other paths come from strangers and would hide
    // the failure that a person looks for.
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
    addSecrets,
    logger: {
      ...logger,
      request(record) {
        note(record);
        logger.request(record);
      },
    },
  };
}
