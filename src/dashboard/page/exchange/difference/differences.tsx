import { useEffect, useMemo, useState } from "preact/hooks";
import type { RecordedBody, RecordedRequest, WireName } from "../../../../record/recorded-request.ts";
import { toVisibleText } from "../../parts/visible-text.ts";
import { formatRoute } from "../../shell/route.ts";
import { formatJson } from "../wires/show-wire.ts";
import { DifferenceView } from "./difference-view.tsx";
import { findTurnBefore, type TurnBefore } from "./find-turn-before.ts";

const comparisons = [
  "Client’s request and the upstream’s",
  "Turn before, to the upstream",
  "Turn before, from the client",
] as const;

/** What differs: on the way through the proxy, and from the turn before. */
export function Differences({
  request,
  bodies,
  chosen,
  onChoose,
}: {
  request: RecordedRequest;
  bodies: readonly RecordedBody[];
  /** Which of the comparisons. */
  chosen: number;
  onChoose: (index: number) => void;
}) {
  return (
    <>
      <div class="choices">
        {comparisons.map((comparison, index) => (
          <button
            type="button"
            key={comparison}
            aria-pressed={index === chosen}
            onClick={() => onChoose(index)}
          >
            {comparison}
          </button>
        ))}
      </div>
      {chosen === 0 && (
        <Compared
          title="From the client’s to the upstream’s"
          before={textOf(bodies, "client-request")}
          after={textOf(bodies, "upstream-request")}
        />
      )}
      {chosen === 1 && (
        <FromBefore key="upstream" request={request} bodies={bodies} name="upstream-request" />
      )}
      {chosen === 2 && <FromBefore key="client" request={request} bodies={bodies} name="client-request" />}
    </>
  );
}

interface FromBeforeProps {
  readonly request: RecordedRequest;
  readonly bodies: readonly RecordedBody[];
  readonly name: WireName;
}

function FromBefore({ request, bodies, name }: FromBeforeProps) {
  const [found, setFound] = useState<TurnBefore | "looking">("looking");
  useEffect(() => {
    const ended = new AbortController();
    findTurnBefore(request, ended.signal).then(
      (turn) => setFound(turn),
      (thrown: unknown) => {
        if (ended.signal.aborted) return;
        setFound({ fault: thrown instanceof Error ? thrown.message : "It could not be read." });
      },
    );
    return () => ended.abort();
  }, [request]);
  if (found === "looking") return <p class="quiet">Looking for the turn before…</p>;
  if ("fault" in found) return <p>{toVisibleText(found.fault)}</p>;
  const { requestId } = found.exchange.request;
  return (
    <>
      <p>
        The turn before is{" "}
        <a class="mono" href={formatRoute({ view: "requests", id: requestId })}>
          {toVisibleText(requestId)}
        </a>
        .
      </p>
      <Compared
        title="From the turn before to this one"
        before={textOf(found.exchange.bodies, name)}
        after={textOf(bodies, name)}
      />
    </>
  );
}

function Compared({ title, before, after }: { title: string; before: string | null; after: string | null }) {
  const texts = useMemo(
    () =>
      before === null || after === null ? null : { before: formatJson(before), after: formatJson(after) },
    [before, after],
  );
  if (texts === null) return <p>One of the two was not kept, so they cannot be compared.</p>;
  return <DifferenceView title={title} {...texts} />;
}

/** The text of the last message of this name: what was sent in the end. */
function textOf(bodies: readonly RecordedBody[], name: WireName): string | null {
  return bodies.findLast((body) => body.name === name)?.text ?? null;
}
