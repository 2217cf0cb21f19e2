import { findHttpProxy, usesHttpProxy } from "../config/find-http-proxy.ts";
import { isLoopbackHost } from "../config/is-loopback-host.ts";
import type { UpstreamSettings } from "../config/upstream-settings.ts";
import { createUpstreamMemory } from "../learned/upstream-memory.ts";
import { createModelRouter, type RoutingKnowledge } from "../routing/route-model.ts";
import type { TokenCounter } from "../tokens/token-counter.ts";
import type { FetchTarget } from "../upstream/explain-fetch-error.ts";
import { createUpstreamClient, type UpstreamClient } from "../upstream/upstream-client.ts";
import type { UpstreamLimits } from "../upstream/upstream-limits.ts";
import { createRecogniser } from "./recogniser.ts";
import type { RelayDependencies, SharedDependencies } from "./relay-dependencies.ts";
import type { ProtocolLoaders } from "./select-protocol.ts";
import { createWires } from "./wires.ts";

export interface LinkOptions {
  settings: UpstreamSettings;
  shared: SharedDependencies;
  tokens: TokenCounter;
  loaders: ProtocolLoaders;
  version: string;
  /** Shorter times, for tests. */
  limits?: Partial<UpstreamLimits>;
  /** What is known of the models besides what the upstream shows. */
  knowledge?: Pick<RoutingKnowledge, "likeOf" | "suit">;
}

/** Assembles everything that asking one upstream needs. */
export function createLink(options: LinkOptions): RelayDependencies {
  const { settings, shared, tokens, loaders, knowledge } = options;
  const recogniser = createRecogniser(settings, shared.running);
  const client = createConfiguredClient(options, recogniser.noteHead);
  const memory = createUpstreamMemory();
  const routeTo = createModelRouter(settings, {
    ...knowledge,
    recognised: () => recogniser.family,
    learned: memory.protocol,
  });
  const wires = createWires(loaders, client, () => performance.now());
  return { ...shared, settings, tokens, memory, routeTo, wires };
}

function createConfiguredClient(
  { settings, shared: { config }, version, limits }: LinkOptions,
  onHead: (headers: Headers) => void,
): UpstreamClient {
  const { baseUrl, keys, headers, body, httpProxy: proxyUrl, ca } = settings;
  const url = new URL(baseUrl);
  const isLocal = isLoopbackHost(url.hostname);
  const isProxied = proxyUrl !== null || (usesHttpProxy() && !isLocal);
  return createUpstreamClient({
    baseUrl,
    keys,
    headers,
    body,
    refererUrl: config.refererUrl,
    appName: config.appName,
    version,
    limits: {
      ...(settings.connectSeconds === null ? {} : { connectMs: settings.connectSeconds * 1000 }),
      ...(isProxied ? { connectMs: null } : {}),
      firstByteMs: millisecondsOf(settings.firstByteSeconds),
      idleMs: millisecondsOf(settings.idleSeconds),
      ...limits,
    },
    usualLimits: settings.usualLimits,
    isLocal,
    httpProxy: proxyUrl === null ? (isLocal ? null : findHttpProxy(url)) : ownProxy(settings.name, proxyUrl),
    way: { ...(proxyUrl === null ? {} : { proxyUrl }), ...(ca === null ? {} : { ca }) },
    onHead,
  });
}

/** An HTTP proxy of one upstream, as messages name it. */
function ownProxy(upstream: string, proxyUrl: string): FetchTarget["httpProxy"] {
  return { variable: `upstreams.${upstream}.http_proxy`, host: URL.parse(proxyUrl)?.host ?? "" };
}

function millisecondsOf(seconds: number | null): number {
  return seconds === null ? Number.POSITIVE_INFINITY : seconds * 1000;
}
