import type { ComponentChildren } from "preact";
import type { RecordedRequest } from "../../../record/recorded-request.ts";
import { countPrompt } from "../parts/format.ts";
import { CacheSummary } from "./cache-summary.tsx";
import { ChangesView } from "./changes-view.tsx";
import { explainContext, explainCost, explainModel, explainTime } from "./explain-exchange.ts";

export interface SummaryProps {
  readonly request: RecordedRequest;
  /** Shows what differs from the turn before; null where no messages were kept. */
  readonly onCompare: (() => void) | null;
}

/** What somebody wants to know first: why this model, what it cost, what broke the cache, what was changed. */
export function Summary({ request, onCompare }: SummaryProps) {
  const context = explainContext(request, countPrompt(request));
  return (
    <dl class="facts summary">
      <Line name="Why this model">{explainModel(request)}</Line>
      <Line name="Cost">{explainCost(request)}</Line>
      <Line name="Cache">
        <CacheSummary prefix={request.prefix} onCompare={onCompare} />
      </Line>
      {context !== "" && <Line name="Context">{context}</Line>}
      <Line name="Changed">
        <ChangesView changes={request.changes} />
      </Line>
      <Line name="Time">{explainTime(request)}</Line>
    </dl>
  );
}

function Line({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
