import type { UsageSum } from "../../../record/record-reader.ts";
import { formatCount, formatDuration, formatShare, formatUsdSum, formatWhole } from "../parts/format.ts";
import { addSums, countCacheHits } from "./usage-figures.ts";

/** The sums of all groups, and in words what is not known of them. */
export function UsageTotals({ sums }: { readonly sums: readonly UsageSum[] }) {
  const total = addSums(sums);
  if (total === null) return null;
  const { unknownCosts } = total;
  const figures: readonly (readonly [name: string, value: string])[] = [
    ["Cost", formatUsdSum(total.costUsd, unknownCosts)],
    ["Requests", formatWhole(total.requests)],
    ["Errors", formatWhole(total.errors)],
    ["Prompt tokens", formatCount(total.promptTokens)],
    ["From the cache", formatShare(countCacheHits(total))],
    ["Output tokens", formatCount(total.outputTokens)],
    ["Slowest first byte", formatDuration(total.worstFirstByteMs)],
  ];
  return (
    <>
      <dl class="figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {unknownCosts > 0 && (
        <p class="warn">
          {formatWhole(unknownCosts)} {unknownCosts === 1 ? "answer has" : "answers have"} no known cost,
          which is not zero: <strong>?</strong> stands for it in the sums. Such an answer broke off, or its
          model has no price in config.yaml (models, NAME, price).
        </p>
      )}
    </>
  );
}
