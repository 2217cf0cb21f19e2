import type { PrefixBreak } from "../../../record/recorded-request.ts";
import { explainPrefix, isBroken } from "./explain-exchange.ts";

/** What the cache could be used for, and what broke it. */
export function PrefixView({ prefix }: { prefix: PrefixBreak | null }) {
  return (
    <>
      <h2>Cache</h2>
      {prefix === null ? (
        <p>
          There is no turn before that this one could be compared with: the first of its conversation, or not
          recorded.
        </p>
      ) : (
        <>
          <p class={isBroken(prefix) ? "warn" : "good"}>{explainPrefix(prefix)}</p>
          <progress
            max={Math.max(prefix.previousBytes, 1)}
            value={prefix.sameBytes}
            aria-label="How much of the turn before is unchanged"
          />
        </>
      )}
    </>
  );
}
