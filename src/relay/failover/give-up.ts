import { ApiError } from "../../anthropic/api-error.ts";
import type { Candidate } from "./candidate.ts";
import { chooseFailure, type RankedFailure } from "./choose-failure.ts";
import { tellTried } from "./describe-attempts.ts";
import type { Piece } from "./is-empty-answer.ts";
import type { AttemptFields, TriedPlaces } from "./tried-places.ts";

/** What came of one place of a request that went on. */
export interface Failure<Opened> extends RankedFailure {
  readonly candidate: Candidate;
  /** What was thrown; null for an answer with nothing in it. */
  readonly thrown: unknown;
  /** What the client would be told; null for such an answer. */
  readonly error: ApiError | null;
  /** Such an answer; null for a failure. */
  readonly piece: Piece;
  /** Null for a target that was not asked. */
  readonly opened: Opened | null;
  /** What the attempt noted; null for such a target. */
  readonly fields: AttemptFields | null;
}

/**
 * Of all failures of a request the one for the client, and puts back into the record what its attempt noted. Of several
 * attempts its error says what was tried; the only one stays as it was.
 */
export function giveUpWith<Opened>(
  failures: readonly Failure<Opened>[],
  tried: TriedPlaces,
): Pick<Failure<Opened>, "thrown" | "piece" | "opened"> {
  const [first, ...others] = failures;
  if (first === undefined) throw new Error("a request failed at no target");
  const chosen = chooseFailure([first, ...others]);
  if (chosen.fields === null) tried.follow(chosen.candidate);
  else tried.restore(chosen.fields);
  if (chosen.error === null || tried.list.length === 1 || isReadByClients(chosen.error)) return chosen;
  const { type, message, status, headers, cause } = chosen.error;
  const sentence = `${/[.!?…]$/.test(message) ? message : `${message}.`} ${tellTried(tried.list)}`;
  return { ...chosen, thrown: new ApiError(type, sentence, { status, headers, cause }) };
}

/** Clients recognise such errors by their exact form: a prompt that is too long, a limit that is too high. */
function isReadByClients({ type }: ApiError): boolean {
  return type === "invalid_request_error";
}
