import type { ModelRoute } from "../../routing/route.ts";
import type { SendWatch } from "../../upstream/send-watch.ts";
import type { Exchange } from "../exchange.ts";
import { nameUpstream } from "../name-upstream.ts";
import type { RelayDependencies } from "../relay-dependencies.ts";
import { traceSends } from "./trace-sends.ts";

type Link = Pick<RelayDependencies, "config" | "settings" | "memory">;

/**
 * Notes in the trace where a request goes from now on, and what is known there. Returns what notes its sends.
 * @param key with which the upstream is asked; null for none
 */
export function traceRoute(
  exchange: Exchange,
  link: Link,
  { model, profile }: ModelRoute,
  key: string | null,
): SendWatch {
  const { trace } = exchange;
  const { settings, memory } = link;
  const upstream = nameUpstream(link, profile);
  trace.family = profile.id;
  trace.upstream = upstream;
  trace.window = memory.contextWindow(model) ?? profile.traits.request.inputWindow;
  const keyNumber = settings.keys.length < 2 || key === null ? null : settings.keys.indexOf(key) + 1;
  return traceSends(exchange, { upstream, model, keyNumber, settings, key });
}
