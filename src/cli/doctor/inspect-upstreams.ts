import type { UpstreamSettings } from "../../config/upstream-settings.ts";
import { probeUpstream } from "../../conformance/probe-upstream.ts";
import type { SetupFinding } from "./setup-finding.ts";

/** A clock that is so far off makes trouble with certificates, waits and caps of a day. */
const mostAheadMs = 60_000;

/** What a connection to each upstream shows: whether it answers, its certificate, its clock. */
export interface InspectedUpstreams {
  readonly findings: readonly SetupFinding[];
  /** The names of those that do not answer. */
  readonly unreached: ReadonlySet<string>;
}

/** A connection comes sooner than an answer of a model. */
const mostMs = 15_000;

/** Connects to each of them once, without a key. */
export async function inspectUpstreams(
  upstreams: readonly UpstreamSettings[],
  limitMs: number,
): Promise<InspectedUpstreams> {
  const probed = await Promise.all(
    upstreams.map(async (settings) => ({
      settings,
      probe: await probeUpstream(settings, Math.min(limitMs, mostMs)),
    })),
  );
  return {
    unreached: new Set(
      probed.flatMap(({ settings, probe }) => (probe.fault === null ? [] : [settings.name])),
    ),
    findings: probed.map(({ settings, probe: { fault, aheadMs } }): SetupFinding => {
      const subject = "upstream";
      const { host, protocol } = new URL(settings.baseUrl);
      if (fault !== null) return { subject, standing: "fails", text: `${host} does not answer: ${fault}` };
      if (aheadMs !== null && Math.abs(aheadMs) > mostAheadMs)
        return { subject, standing: "warning", text: describeClock(host, aheadMs) };
      const secured = protocol === "https:" ? ", and its certificate is trusted" : "";
      return { subject, standing: "ok", text: `${host} answers${secured}` };
    }),
  };
}

function describeClock(host: string, aheadMs: number): string {
  const minutes = Math.round(Math.abs(aheadMs) / 60_000);
  const off = `${minutes} ${minutes === 1 ? "minute" : "minutes"} ${aheadMs > 0 ? "ahead of" : "behind"}`;
  return `the clock of this machine is ${off} that of ${host}. Set it: certificates and caps of a day go by it`;
}
