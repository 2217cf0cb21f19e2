import { useMemo } from "preact/hooks";
import type { ExchangeAnswer } from "../../dashboard-api.ts";
import { CopyButton } from "../parts/copy-button.tsx";

/** What can be taken away from an exchange: commands that repeat it, and all that is known of it. */
export function Copies({ answer }: { answer: ExchangeAnswer }) {
  const { curl, clientCurl, replay } = answer;
  const json = useMemo(() => JSON.stringify(answer, null, 2), [answer]);
  return (
    <div class="choices">
      {curl !== null && <CopyButton title="Copy curl to the upstream" text={curl} />}
      {clientCurl !== null && <CopyButton title="Copy curl to the proxy" text={clientCurl} />}
      <CopyButton title="Copy replay command" text={replay} />
      <CopyButton title="Copy JSON" text={json} />
    </div>
  );
}
