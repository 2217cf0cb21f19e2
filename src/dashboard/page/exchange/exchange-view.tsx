import { useEffect, useState } from "preact/hooks";
import type { ExchangeAnswer } from "../../dashboard-api.ts";
import { askExchange } from "../api/ask.ts";
import { formatTime } from "../parts/format.ts";
import { toVisibleText } from "../parts/visible-text.ts";
import { describeError, describeModels, isFailed } from "../requests/describe-request.ts";
import { chosenId, listFilter } from "../requests/request-list.ts";
import { goTo } from "../shell/current-route.ts";
import { useKeys } from "../shell/keys.ts";
import { formatFilterRoute } from "../shell/route.ts";
import { Attempts } from "./attempts.tsx";
import { Copies } from "./copies.tsx";
import { Facts } from "./facts.tsx";
import { Messages, type MessagesChoice, turnBefore } from "./messages.tsx";
import { Summary } from "./summary.tsx";
import { Tokens } from "./tokens.tsx";

/** One exchange in full. */
export function ExchangeView({ requestId }: { requestId: string }) {
  const [answer, setAnswer] = useState<ExchangeAnswer | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    const ended = new AbortController();
    askExchange(requestId, ended.signal).then(setAnswer, (thrown: unknown) => {
      if (!ended.signal.aborted) setFault(thrown instanceof Error ? thrown.message : "It could not be read.");
    });
    return () => ended.abort();
  }, [requestId]);
  const back = formatFilterRoute(listFilter.value ?? "");
  useKeys({
    Escape: () => {
      chosenId.value = requestId;
      goTo(back);
      return undefined;
    },
  });
  return (
    <div class="exchange">
      <p>
        <a href={back}>← Requests</a>
      </p>
      <h1 class="mono">{toVisibleText(requestId)}</h1>
      {fault !== null && (
        <p class="fault" role="alert">
          {toVisibleText(fault)}
        </p>
      )}
      {answer === null ? fault === null && <p class="quiet">Loading…</p> : <Exchange answer={answer} />}
    </div>
  );
}

function Exchange({ answer }: { answer: ExchangeAnswer }) {
  const { request, bodies } = answer;
  const [choice, setChoice] = useState<MessagesChoice>({ tab: 0, comparison: 0 });
  const compare = () => {
    setChoice(turnBefore);
    const title = document.getElementById("messages-title");
    title?.scrollIntoView();
    title?.focus({ preventScroll: true });
  };
  return (
    <>
      <p>
        {formatTime(request.timeMs)} · {describeModels(request)}
      </p>
      <Outcome request={request} />
      <Summary request={request} onCompare={bodies.length === 0 ? null : compare} />
      <Copies answer={answer} />
      <Attempts request={request} />
      <Messages request={request} bodies={bodies} choice={choice} onChoose={setChoice} />
      <Tokens request={request} />
      <Facts request={request} />
    </>
  );
}

/** What went wrong, first of all. */
function Outcome({ request }: { request: ExchangeAnswer["request"] }) {
  const { status, stopReason, phase, causeCode } = request;
  if (!isFailed(request)) {
    return (
      <p class="outcome good">
        ✓ {status}
        {stopReason !== null && `, ended with ${toVisibleText(stopReason)}`}
      </p>
    );
  }
  const where = [phase === null ? null : `phase ${phase}`, causeCode]
    .filter((part) => part !== null)
    .join(", ");
  return (
    <p class="outcome bad">
      ✕ {status} {describeError(request)}
      {where !== "" && <span class="quiet"> ({toVisibleText(where)})</span>}
    </p>
  );
}
