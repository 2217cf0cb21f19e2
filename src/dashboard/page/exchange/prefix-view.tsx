import type { PrefixBreak } from "../../../record/recorded-request.ts";
import { formatWhole } from "../parts/format.ts";
import { toVisibleText } from "../parts/visible-text.ts";

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

function isBroken({ sameBytes, previousBytes, place }: PrefixBreak): boolean {
  return place !== null && sameBytes < previousBytes;
}

/** In words how far this request began like the one before it. */
export function explainPrefix(prefix: PrefixBreak): string {
  const { sameBytes, previousBytes, place } = prefix;
  if (!isBroken(prefix)) {
    return `All ${formatWhole(sameBytes)} bytes of the turn before were the same: this one only continues it.`;
  }
  return toVisibleText(
    `The first ${formatWhole(sameBytes)} of ${formatWhole(previousBytes)} bytes were the same as in the turn before; then ${place} changed. From there on no cache can be used.`,
  );
}
