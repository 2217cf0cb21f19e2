import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { NowAnswer } from "../../dashboard-api.ts";
import { askNow } from "../api/ask.ts";
import { startPolling } from "../shell/poll.ts";
import { connectionFault, now } from "../shell/record-state.ts";
import { countAnswerRates } from "./answer-rates.ts";
import { BudgetsSection } from "./budgets-section.tsx";
import { LastErrors } from "./last-errors.tsx";
import { LastMinutes } from "./last-minutes.tsx";
import { RecordSection } from "./record-section.tsx";
import { RunningSection } from "./running-section.tsx";

interface Seen {
  readonly answer: NowAnswer;
  /** Bytes a second of what runs, by request id. */
  readonly rates: ReadonlyMap<string, number>;
}

const pauseMs = 1000;

/** What runs, how fast, what it may still cost, and what failed last. */
export function NowView() {
  const seen = useSignal<Seen | null>(null);
  useEffect(
    () =>
      startPolling(async (ended) => {
        try {
          const answer = await askNow(ended);
          const rates = countAnswerRates(seen.value?.answer.running ?? [], answer.running);
          seen.value = { answer, rates };
          now.value = answer;
          connectionFault.value = null;
        } catch (thrown) {
          if (ended.aborted) return;
          connectionFault.value = thrown instanceof Error ? thrown.message : String(thrown);
        }
      }, pauseMs),
    [seen],
  );
  if (seen.value === null) {
    return (
      <>
        <h1>Now</h1>
        <p class="quiet">Asking the proxy …</p>
      </>
    );
  }
  const { answer, rates } = seen.value;
  return (
    <>
      <h1>Now</h1>
      <RunningSection running={answer.running} rates={rates} />
      {answer.budgets.length > 0 && <BudgetsSection budgets={answer.budgets} />}
      {answer.record !== null && <LastMinutes nowMs={answer.nowMs} />}
      {answer.record !== null && <LastErrors />}
      <RecordSection record={answer.record} recordBodies={answer.recordBodies} />
    </>
  );
}
