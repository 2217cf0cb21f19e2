import type { TargetHealth, UpstreamsAnswer } from "../../dashboard-api.ts";
import { askUpstreams } from "../api/ask.ts";
import { formatDuration } from "../parts/format.ts";
import { toVisibleText } from "../parts/visible-text.ts";
import { usePolled } from "../shell/use-polled.ts";

const pauseMs = 3000;

/** Where requests go, how these places are, and what was learned about them. */
export function UpstreamsView() {
  const { answer, fault } = usePolled("upstreams", askUpstreams, pauseMs);
  return (
    <>
      <h1>Upstreams</h1>
      {fault !== null && <p class="fault">{fault}</p>}
      {answer === null
        ? fault === null && <p class="quiet">Asking the proxy …</p>
        : [
            <UpstreamTable key="upstreams" upstreams={answer.upstreams} />,
            <HealthSection key="health" health={answer.health} />,
            <LearnedSection key="learned" learned={answer.learned} />,
          ]}
    </>
  );
}

function UpstreamTable({ upstreams }: Pick<UpstreamsAnswer, "upstreams">) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard
    <section class="scrolled" tabIndex={0} aria-label="Table of upstreams">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Address</th>
            <th scope="col">Protocol</th>
            <th scope="col" class="number">
              Keys
            </th>
          </tr>
        </thead>
        <tbody>
          {upstreams.map(({ name, address, protocol, keys }) => (
            <tr key={name}>
              <th scope="row">{toVisibleText(name)}</th>
              <td>
                <code>{toVisibleText(address)}</code>
              </td>
              <td>{toVisibleText(protocol)}</td>
              <td class="number">{keys === 0 ? "none" : keys}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function HealthSection({ health }: { readonly health: readonly TargetHealth[] }) {
  const ill = health.filter(({ isHealthy }) => !isHealthy);
  return (
    <section aria-labelledby="health-title">
      <h2 id="health-title">Health</h2>
      <p class={ill.length === 0 ? "good" : "bad"}>{sumUpHealth(health.length, ill.length)}</p>
      <ul class="health">
        {health.map((target) => (
          <HealthItem key={target.name} target={target} />
        ))}
      </ul>
    </section>
  );
}

function sumUpHealth(all: number, ill: number): string {
  if (all === 0) return "Nothing was asked since the start, so nothing is known.";
  if (ill === 0) return "All models and keys that were asked are in use.";
  return `${ill} of ${all} ${ill === 1 ? "is" : "are"} not in use now.`;
}

function HealthItem({ target }: { readonly target: TargetHealth }) {
  const { name, isHealthy, restsMs, reason } = target;
  return (
    <li>
      <span class={isHealthy ? "state good" : "state bad"}>
        {isHealthy ? "✓ in use" : restsMs === null ? "✗ fails" : "✗ left out"}
      </span>{" "}
      <strong>{toVisibleText(name)}</strong>{" "}
      <span class="quiet">
        {reason !== null && toVisibleText(reason)}
        {restsMs !== null && ` (asked again in ${formatDuration(restsMs)})`}
      </span>
    </li>
  );
}

function LearnedSection({ learned }: Pick<UpstreamsAnswer, "learned">) {
  const targets = [...new Set(learned.map(({ target }) => target))];
  return (
    <section aria-labelledby="learned-title">
      <h2 id="learned-title">What was learned</h2>
      {learned.length === 0 && <p>Nothing yet: no upstream refused anything that could be sent otherwise.</p>}
      <dl class="learned">
        {targets.map((target) => (
          <div key={target}>
            <dt>{toVisibleText(target)}</dt>
            {learned
              .filter((lesson) => lesson.target === target)
              .map(({ text }) => (
                <dd key={text}>{toVisibleText(text)}</dd>
              ))}
          </div>
        ))}
      </dl>
    </section>
  );
}
