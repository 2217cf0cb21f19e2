import { findHttpProxy, usesHttpProxy } from "../config/find-http-proxy.ts";
import { isLoopbackHost } from "../config/is-loopback-host.ts";
import type { UpstreamSettings } from "../config/upstream-settings.ts";
import type { UpstreamLessons } from "../learned/learned-store.ts";
import { createUpstreamMemory } from "../learned/upstream-memory.ts";
import type { ProfileId } from "../profiles/profile-ids.ts";
import { createModelRouter, type RoutingKnowledge } from "../routing/route-model.ts";
import type { TokenCounter } from "../tokens/token-counter.ts";
import type { FetchTarget } from "../upstream/explain-fetch-error.ts";
import { createUpstreamClient, type UpstreamClientOptions } from "../upstream/upstream-client.ts";
import type { UpstreamLimits } from "../upstream/upstream-limits.ts";
import type { Passing } from "./pass-through/passing.ts";
import { createRecogniser } from "./recogniser.ts";
import type { RelayDependencies, SharedDependencies } from "./relay-dependencies.ts";
import type { ProtocolLoaders } from "./select-protocol.ts";
import { createWires } from "./wires.ts";

/** How an upstream is called. A link is made anew when this changes. */
export interface LinkIdentity {
  settings: UpstreamSettings;
  /** What OpenRouter is told of the calling program. */
  refererUrl: string;
  appName: string;
}

export interface LinkOptions extends LinkIdentity {
  running: Set<() => void>;
  tokens: TokenCounter;
  /** What was learned of this upstream, here and by earlier programs. */
  lessons: UpstreamLessons;
  loaders: ProtocolLoaders;
  version: string;
  /** Shorter times, for tests. */
  limits?: Partial<UpstreamLimits>;
}

/** The way to one upstream, and what was learned on it. */
export interface UpstreamLink
  extends Pick<RelayDependencies, "settings" | "wires" | "memory" | "tokens" | "passing"> {
  identity: LinkIdentity;
  /** The family that the upstream named in its answers, or null. */
  recognised: () => ProfileId | null;
}

/** Makes the way to one upstream. */
export function createLink(options: LinkOptions): UpstreamLink {
  const { settings, refererUrl, appName, tokens, lessons, loaders } = options;
  const recogniser = createRecogniser(settings, options.running);
  const how = describeClient(options, recogniser.noteHead);
  const client = createUpstreamClient(how);
  return {
    identity: { settings, refererUrl, appName },
    settings,
    tokens,
    memory: createUpstreamMemory(lessons),
    wires: createWires(loaders, client, () => performance.now(), lessons),
    passing: passOnce(async () => (await import("./pass-through/open-pass-through.ts")).createPassing(how)),
    recognised: () => recogniser.family,
  };
}

/** Makes the way when it is first needed. */
function passOnce(create: () => Promise<Passing>): () => Passing | Promise<Passing> {
  let created: Passing | Promise<Passing> | null = null;
  const make = async () => {
    created = await create();
    return created;
  };
  return () => {
    created ??= make();
    return created;
  };
}

/** What a configuration knows of the models of one upstream. */
type LinkKnowledge = Pick<RoutingKnowledge, "likeOf" | "suit"> & Partial<Pick<RelayDependencies, "priceOf">>;

/** Everything that asking one upstream needs, under one configuration. */
export function joinLink(
  { settings, tokens, memory, wires, passing, recognised }: UpstreamLink,
  shared: SharedDependencies,
  { priceOf = () => null, ...knowledge }: LinkKnowledge = {},
): RelayDependencies {
  const routeTo = createModelRouter(settings, { ...knowledge, recognised, learned: memory.protocol });
  return { ...shared, settings, tokens, memory, wires, passing, routeTo, priceOf };
}

function describeClient(
  { settings, refererUrl, appName, version, limits }: LinkOptions,
  onHead: (headers: Headers) => void,
): UpstreamClientOptions {
  const { baseUrl, keys, headers, body, httpProxy: proxyUrl, ca } = settings;
  const url = new URL(baseUrl);
  const isLocal = isLoopbackHost(url.hostname);
  const isProxied = proxyUrl !== null || (usesHttpProxy() && !isLocal);
  return {
    baseUrl,
    keys,
    headers,
    body,
    refererUrl,
    appName,
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
  };
}

/** An HTTP proxy of one upstream, as messages name it. */
function ownProxy(upstream: string, proxyUrl: string): FetchTarget["httpProxy"] {
  return { variable: `upstreams.${upstream}.http_proxy`, host: URL.parse(proxyUrl)?.host ?? "" };
}

function millisecondsOf(seconds: number | null): number {
  return seconds === null ? Number.POSITIVE_INFINITY : seconds * 1000;
}
