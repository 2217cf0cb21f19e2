import type { PrefixBreak } from "../../../record/recorded-request.ts";
import { isCacheBroken } from "../requests/describe-request.ts";
import { explainPrefix } from "./explain-exchange.ts";

export interface CacheSummaryProps {
  readonly prefix: PrefixBreak | null;
  /** Shows what differs from the turn before; null where that cannot be shown. */
  readonly onCompare: (() => void) | null;
}

/** What the cache could be used for, and what broke it. */
export function CacheSummary({ prefix, onCompare }: CacheSummaryProps) {
  if (prefix === null) {
    return (
      <span class="quiet">
        Nothing to compare with: the first request of its conversation, or the one before is not known.
      </span>
    );
  }
  const broken = isCacheBroken(prefix);
  return (
    <>
      <span class={broken ? "warn" : "good"}>{explainPrefix(prefix)}</span>{" "}
      {broken && (
        <span class="prefix">
          <progress
            max={Math.max(prefix.previousBytes, 1)}
            value={prefix.sameBytes}
            aria-label="How much of the turn before is unchanged"
          />{" "}
          {onCompare !== null && (
            <button type="button" onClick={onCompare}>
              Show what changed
            </button>
          )}
        </span>
      )}
    </>
  );
}
