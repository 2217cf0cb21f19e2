import type { FileConfig, Target } from "../config/file-config.ts";
import type { UpstreamSettings } from "../config/upstream-settings.ts";
import { selectProfile } from "../profiles/select-profile.ts";
import { createModelRouter } from "./route-model.ts";

/** An upstream as people see it. */
export interface UpstreamDescription {
  readonly name: string;
  /** Without its query, which may be a key. */
  readonly url: string;
  /** The wire, or `auto` with the wires that it chooses for the models of the routes: `auto (chat, responses)`. */
  readonly protocol: string;
  /** The family, or `auto` with the one that it chooses: `auto (openrouter)`. */
  readonly profile: string;
  /** How many keys it has. */
  readonly keys: number;
  /** The client's own credential is passed on. */
  readonly passes_client_key: boolean;
}

/** What a configuration file says, with no key in it; the members have the names of the answer to `GET /status`. */
export interface FileDescription {
  readonly upstreams: readonly UpstreamDescription[];
  /** In the order in which they are tried, before the routes. */
  readonly cases: readonly {
    readonly when: Readonly<Record<string, unknown>>;
    readonly to: readonly string[];
  }[];
  readonly routes: readonly { readonly asked: string; readonly to: readonly string[] }[];
  /** The names of those that have keys. */
  readonly clients: readonly string[];
}

/** Describes what a configuration file says. */
export function describeFile(file: FileConfig): FileDescription {
  return {
    upstreams: [...file.upstreams.values()].map((upstream) =>
      describeUpstream(upstream, listModels(file, upstream)),
    ),
    cases: file.cases.map(({ when, targets }) => ({ when: { ...when }, to: targets.map(formatTarget) })),
    routes: file.routes.map(({ asked, targets }) => ({ asked, to: targets.map(formatTarget) })),
    clients: file.clients.map(({ name }) => name),
  };
}

function describeUpstream(upstream: UpstreamSettings, models: readonly string[]): UpstreamDescription {
  const { name, baseUrl, profile, protocol, keys, passesClientKey } = upstream;
  const routeTo = createModelRouter(upstream);
  const family = selectProfile({ setting: profile, baseUrl, model: "" }).id;
  const wires = new Set(
    (models.length === 0 ? [""] : models).map((model) => routeTo(model).profile.protocol),
  );
  return {
    name,
    url: baseUrl.replace(/\?.*/, "?…"),
    protocol: protocol === "auto" ? `auto (${[...wires].join(", ")})` : protocol,
    profile: profile === "auto" ? `auto (${family})` : profile,
    keys: keys.length,
    passes_client_key: passesClientKey,
  };
}

/** The models that cases and routes ask of the upstream, by the ids that it knows. */
function listModels({ cases, routes }: FileConfig, { name, models }: UpstreamSettings): string[] {
  return [...cases, ...routes]
    .flatMap(({ targets }) => targets)
    .filter(({ upstream, model }) => upstream === name && model !== "*")
    .map(({ model }) => models.get(model) ?? model);
}

function formatTarget({ upstream, model }: Target): string {
  return `${upstream}/${model}`;
}
