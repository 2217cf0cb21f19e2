import { useMemo, useState } from "preact/hooks";
import type { RecordedBody, WireName } from "../../../../record/recorded-request.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { formatBytes } from "../../parts/format.ts";
import { Tabs } from "../../parts/tabs.tsx";
import { toVisibleText } from "../../parts/visible-text.ts";
import { formatWire, type WireForm } from "./show-wire.ts";
import { WireText } from "./wire-text.tsx";

/** The messages of an exchange as they are read. */
const wireTitles: Readonly<Record<WireName, string>> = {
  "client-request": "Client’s request",
  "upstream-request": "Request to the upstream",
  "upstream-response": "Upstream’s answer",
  "client-response": "Answer to the client",
};

/** The name of one message: which send it belongs to, where there were several. */
function nameBody({ name, send }: RecordedBody, bodies: readonly RecordedBody[]): string {
  const isOneOfMany = bodies.some((other) => other.name === name && other.send !== send);
  return isOneOfMany ? `${wireTitles[name]}, send ${send}` : wireTitles[name];
}

/** The messages as they went over the wires: one at a time, or two beside each other. */
export function WiresView({ bodies }: { bodies: readonly RecordedBody[] }) {
  const [form, setForm] = useState<WireForm>("readable");
  const [isDouble, setIsDouble] = useState(false);
  return (
    <>
      <div class="choices">
        <button
          type="button"
          aria-pressed={form === "raw"}
          onClick={() => setForm(form === "raw" ? "readable" : "raw")}
        >
          As it was sent
        </button>
        <button type="button" aria-pressed={isDouble} onClick={() => setIsDouble(!isDouble)}>
          Two beside each other
        </button>
      </div>
      <div class={isDouble ? "pair" : ""}>
        <Wires name="first" bodies={bodies} form={form} initial={0} />
        {isDouble && (
          <Wires name="second" bodies={bodies} form={form} initial={Math.min(1, bodies.length - 1)} />
        )}
      </div>
    </>
  );
}

interface WiresProps {
  readonly name: string;
  readonly bodies: readonly RecordedBody[];
  readonly form: WireForm;
  readonly initial: number;
}

function Wires({ name, bodies, form, initial }: WiresProps) {
  const [chosen, setChosen] = useState(initial);
  const body = bodies[chosen];
  return (
    <div>
      <Tabs
        name={`wires-${name}`}
        label={`Messages, ${name} place`}
        titles={bodies.map((each) => nameBody(each, bodies))}
        chosen={chosen}
        onChoose={setChosen}
      >
        {body !== undefined && <Wire body={body} form={form} title={nameBody(body, bodies)} />}
      </Tabs>
    </div>
  );
}

function Wire({ body, form, title }: { body: RecordedBody; form: WireForm; title: string }) {
  const { head, text, bytes, isCut } = body;
  const shown = useMemo(() => formatWire(text, form), [text, form]);
  return (
    <>
      {head !== null && (
        <details class="head">
          <summary class="mono">{toVisibleText(head.url)}</summary>
          <pre>
            {Object.entries(head.headers)
              .map(([name, value]) => toVisibleText(`${name}: ${value}`))
              .join("\n")}
          </pre>
        </details>
      )}
      <p class="quiet">
        {formatBytes(bytes)}
        {isCut && <strong class="warn"> Only the first {formatBytes(text.length)} were kept.</strong>}{" "}
        <CopyButton title="Copy" text={text} />
      </p>
      {text === "" ? <p class="quiet">Empty.</p> : <WireText text={shown} title={title} />}
    </>
  );
}
