import type { BudgetState } from "../../dashboard-api.ts";
import { formatTime, formatUsd } from "../parts/format.ts";
import { Meter } from "../parts/meter.tsx";
import { toVisibleText } from "../parts/visible-text.ts";

/** What was spent of each cap. */
export function BudgetsSection({ budgets }: { readonly budgets: readonly BudgetState[] }) {
  return (
    <section aria-labelledby="budgets-title">
      <h2 id="budgets-title">Budgets</h2>
      <ul class="budgets">
        {budgets.map(({ name, spentUsd, limitUsd, endsMs }) => (
          <li key={name}>
            <strong>{toVisibleText(name)}</strong>
            <Meter
              label={`Spent of the budget ${toVisibleText(name)}`}
              share={limitUsd > 0 ? spentUsd / limitUsd : 1}
              text={describeSpent(spentUsd, limitUsd)}
            />
            <span class="quiet">
              {endsMs === null ? "until the session ends" : `until ${formatTime(endsMs)}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function describeSpent(spentUsd: number, limitUsd: number): string {
  const spent = `${formatUsd(spentUsd)} of ${formatUsd(limitUsd)}`;
  if (spentUsd >= limitUsd) return `${spent}: used up, requests are refused`;
  return `${spent} (${Math.floor((spentUsd / limitUsd) * 100)}%)`;
}
