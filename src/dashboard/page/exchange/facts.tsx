import type { ComponentChildren } from "preact";
import type { RecordedRequest } from "../../../record/recorded-request.ts";
import { formatBytes } from "../parts/format.ts";
import { toVisibleText } from "../parts/visible-text.ts";
import { describeAsker } from "../requests/describe-request.ts";
import { formatFilterRoute } from "../shell/route.ts";

/** Who asked, and how much went over the wires. */
export function Facts({ request }: { request: RecordedRequest }) {
  return (
    <>
      <h2>Facts</h2>
      <dl class="facts">
        {listFacts(request).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

type Fact = readonly [name: string, value: ComponentChildren];

function listFacts(request: RecordedRequest): Fact[] {
  const { stream, requestBytes, sentBytes } = request;
  const facts: (readonly [string, ComponentChildren | null])[] = [
    ["Client", text(request.client)],
    ["Session", linkTo(request.sessionId, "session")],
    ["Agent", linkTo(request.agentId, "agent")],
    ["Kind", describeAsker(request) || null],
    ["Path", text(request.path)],
    ["Stream", stream === null ? null : stream ? "yes" : "no"],
    ["Family, wire", [request.family, request.protocol].filter((part) => part !== null).join(", ") || null],
    ["From the client", requestBytes === null ? null : formatBytes(requestBytes)],
    ["To the upstream", sentBytes === null ? null : formatBytes(sentBytes)],
    ["From the upstream", formatBytes(request.receivedBytes)],
    ["To the client", formatBytes(request.answerBytes)],
    ["Upstream’s id", text(request.upstreamRequestId)],
  ];
  return facts.filter((fact): fact is Fact => fact[1] !== null);
}

function text(value: string | null): string | null {
  return value === null ? null : toVisibleText(value);
}

/** A link to all requests of the same; a text where the filter language could not hold it. */
function linkTo(value: string | null, member: string): ComponentChildren | null {
  if (value === null || !/^[\w.-]+$/.test(value)) return text(value);
  return <a href={formatFilterRoute(`${member}:${value}`)}>{value}</a>;
}
