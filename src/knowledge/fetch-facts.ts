import type { ModelFacts } from "../config/file-config.ts";
import { isLoopbackHost } from "../config/is-loopback-host.ts";
import { isPrivateHost } from "../config/is-private-host.ts";
import type { UpstreamSettings } from "../config/upstream-settings.ts";
import type { ProfileId } from "../profiles/profile-ids.ts";
import { recogniseOwner } from "../profiles/recognise-server.ts";
import { selectProfile } from "../profiles/select-profile.ts";
import { fetchSmallJson, type SmallFault } from "../upstream/fetch-small-json.ts";
import { findOwners } from "../upstream/list-model-owners.ts";
import { anyModel, type FactsByModel, layOverFacts, noFacts } from "./facts.ts";
import {
  parseLlamacppProps,
  parseOllamaLoaded,
  parseOllamaModel,
  parseOllamaTags,
} from "./parse-local-server.ts";
import { parseModelList } from "./parse-model-list.ts";

export interface FetchFactsOptions {
  /** Models that were asked for: where each has to be asked about alone, these come first. */
  wanted: readonly string[];
  /** Ends the requests when it is aborted. */
  signal: AbortSignal;
  /** Is told why a request told nothing; of a server that is asked several times perhaps more than once. */
  onFault?: (fault: SmallFault) => void;
}

/** Asks one address of the upstream; undefined for any failure. */
type Ask = (
  path: { below: "base" | "root"; path: string; query?: string },
  body?: object,
) => Promise<unknown>;

const maxMs = 15_000;
const maxBytes = 8 * 1024 * 1024;
/** Models of Ollama, which has to be asked about each. */
const mostShown = 32;

/**
 * What an upstream says of its models, by requests of our own: with its own key, to its own host. Null if it says
 * nothing, also for an upstream that only knows the keys of clients. Never rejects.
 */
export async function fetchFacts(
  upstream: UpstreamSettings,
  { wanted, signal, onFault }: FetchFactsOptions,
): Promise<FactsByModel | null> {
  if (upstream.passesClientKey) return null;
  const ask = createAsk(upstream, signal, onFault);
  const { profile: setting, baseUrl } = upstream;
  const { id } = selectProfile({ setting, baseUrl, model: "" });
  const isUnknown = setting === "auto" && id === "generic" && isPrivateHost(new URL(baseUrl).hostname);
  return isUnknown ? await fetchUnknown(ask, wanted) : await fetchOf(id, ask, wanted);
}

/** A private server says what it is by the owner of its models. */
async function fetchUnknown(ask: Ask, wanted: readonly string[]): Promise<FactsByModel | null> {
  const list = await ask({ below: "base", path: "/models" });
  const family = recogniseOwner(findOwners(list));
  const isPlain = family === null || family === "vllm";
  const more = isPlain ? null : await fetchOf(family, ask, wanted);
  return more ?? parseModelList(list);
}

async function fetchOf(id: ProfileId, ask: Ask, wanted: readonly string[]): Promise<FactsByModel | null> {
  switch (id) {
    case "ollama":
      return await fetchOllama(ask, wanted);
    case "lmstudio":
      return (
        parseModelList(await ask({ below: "root", path: "/api/v0/models" })) ??
        parseModelList(await ask({ below: "base", path: "/models" }))
      );
    case "llamacpp": {
      const props = parseLlamacppProps(await ask({ below: "root", path: "/props" }));
      return props === null ? null : new Map([[anyModel, props]]);
    }
    default:
      return parseModelList(await ask({ below: "base", path: "/models", query: "limit=1000" }));
  }
}

async function fetchOllama(ask: Ask, wanted: readonly string[]): Promise<FactsByModel | null> {
  const [tags, ps] = await Promise.all([
    ask({ below: "root", path: "/api/tags" }),
    ask({ below: "root", path: "/api/ps" }),
  ]);
  const ids = parseOllamaTags(tags);
  if (ids === null) return null;
  const windows = parseOllamaLoaded(ps);
  const isWanted = (id: string) => wanted.some((name) => name === id || `${name}:latest` === id);
  const facts = new Map<string, ModelFacts>();
  // One after the other: the server has other things to do.
  for (const id of [...ids.filter(isWanted), ...ids.filter((one) => !isWanted(one))].slice(0, mostShown)) {
    const shown = parseOllamaModel(await ask({ below: "root", path: "/api/show" }, { model: id }));
    const loaded = { ...noFacts, window: windows.get(id) ?? null };
    facts.set(id, layOverFacts(shown ?? noFacts, loaded));
  }
  return facts;
}

function createAsk(
  upstream: UpstreamSettings,
  signal: AbortSignal,
  onFault: FetchFactsOptions["onFault"],
): Ask {
  const { baseUrl, httpProxy, ca } = upstream;
  const base = new URL(baseUrl);
  const headers = createHeaders(upstream);
  return async ({ below, path, query }, body) => {
    const url = new URL(base);
    const start = base.pathname.replace(/\/$/, "");
    url.pathname = `${below === "root" ? start.replace(/\/v1$/, "") : start}${path}`;
    // Only Anthropic pages its list; to others a query of ours could be unknown.
    if (query !== undefined && upstream.protocol === "anthropic") url.search = `?${query}`;
    const controller = new AbortController();
    const stop = () => controller.abort();
    if (signal.aborted) return undefined;
    signal.addEventListener("abort", stop, { once: true });
    try {
      return await fetchSmallJson({
        url,
        headers,
        ...(body === undefined ? {} : { body }),
        isLocal: isLoopbackHost(base.hostname),
        way: { ...(httpProxy === null ? {} : { proxyUrl: httpProxy }), ...(ca === null ? {} : { ca }) },
        maxMs,
        maxBytes,
        controller,
        ...(onFault === undefined ? {} : { onFault }),
      });
    } finally {
      signal.removeEventListener("abort", stop);
    }
  };
}

function createHeaders({
  baseUrl,
  profile,
  protocol,
  keys,
  headers,
}: UpstreamSettings): Record<string, string> {
  const [key] = keys;
  if (key === undefined) return { ...headers };
  if (protocol === "anthropic") {
    return { "x-api-key": key, "anthropic-version": "2023-06-01", ...headers };
  }
  const { keyHeader } = selectProfile({ setting: profile, baseUrl, model: "" }).traits.request;
  return {
    ...(keyHeader === "api-key" ? { "api-key": key } : { authorization: `Bearer ${key}` }),
    ...headers,
  };
}
