import type { UpstreamSettings } from "./upstream-settings.ts";

/** A model of an upstream: `deepseek/deepseek-v4-pro`. */
export interface Target {
  /** The name of an upstream. */
  readonly upstream: string;
  /** The id that the upstream is asked for, or one of its short names; `*` stands for the id that the client asked for. */
  readonly model: string;
}

/** The words by which a route or a case names a class of models; the client's ids contain them. */
export const fileTiers = ["fable", "opus", "sonnet", "haiku"] as const;

export type FileTier = (typeof fileTiers)[number];

/** One line of `routes`. */
export interface RouteRule {
  /** What the client has to ask for: an id, a pattern with `*`, a tier, or `default`. */
  readonly asked: string;
  /** At least one, in the order of going on. */
  readonly targets: readonly Target[];
  /** Its line in the file, from 1. */
  readonly line: number;
}

/** What a request is for, as `when.kind` names it. */
export const requestKinds = [
  "main",
  "subagent",
  "compaction",
  "title",
  "suggestion",
  "hook",
  "web_search",
  "web_fetch",
  "classifier",
  "count",
] as const;

export type RequestKindName = (typeof requestKinds)[number];

/** The conditions of a case, all of which must hold; those that were left out hold for every request. */
export interface CaseConditions {
  /** A pattern of the id asked for. */
  readonly model?: string;
  readonly tier?: FileTier;
  readonly kind?: readonly RequestKindName[];
  /** True for any sub-agent, a text for one of this type. */
  readonly agent?: boolean | string;
  readonly images?: boolean;
  readonly pdf?: boolean;
  readonly thinking?: boolean;
  readonly tools?: boolean;
  /** The estimate of the prompt's tokens is this or more. */
  readonly tokens?: number;
  /** The name of a client. */
  readonly client?: string;
}

/** One entry of `cases`. */
export interface CaseRule {
  readonly when: CaseConditions;
  readonly targets: readonly Target[];
  /** Its line in the file, from 1. */
  readonly line: number;
}

/** Dollars for a million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
}

/** What is known of a model; null for what is not known. */
export interface ModelFacts {
  /** Tokens: the longest prompt and answer together. */
  readonly window: number | null;
  /** Tokens: the longest answer. */
  readonly maxOutput: number | null;
  readonly images: boolean | null;
  readonly pdf: boolean | null;
  readonly tools: boolean | null;
  readonly reasoning: boolean | null;
  readonly price: ModelPrice | null;
  /** What people read. */
  readonly name: string | null;
}

/** One entry of `models`. */
export interface ModelSettings extends ModelFacts {
  /** The model whose rules the profile applies; null for the model itself. */
  readonly like: string | null;
}

/** One entry of `clients`: somebody who may ask us. */
export interface ClientSettings {
  readonly name: string;
  /** Of the key that it sends, from `digestKey`. */
  readonly keyDigest: string;
  readonly usdPerDay: number | null;
  readonly usdPerMonth: number | null;
  readonly requestsPerMinute: number | null;
  /** Patterns of the targets that this client may use, such as `azure/*`; null for all. */
  readonly models: readonly string[] | null;
  /** Sees the requests of all clients in the dashboard. */
  readonly admin: boolean;
}

/** A client by its name, with its key, as one who calls the proxy knows it. */
export interface ClientKey {
  readonly name: string;
  readonly key: string;
}

/** What the configuration file says beyond the settings, checked, and with its secrets in their places. */
export interface FileConfig {
  /** Absolute path of the file. */
  readonly path: string;
  /** By their names, in the order of the file; at least one. */
  readonly upstreams: ReadonlyMap<string, UpstreamSettings>;
  readonly routes: readonly RouteRule[];
  readonly cases: readonly CaseRule[];
  /** By target: `upstream/model`. */
  readonly models: ReadonlyMap<string, ModelSettings>;
  readonly clients: readonly ClientSettings[];
  /** Every secret that stands in the file or was named there: no output may contain one. */
  readonly secrets: readonly string[];
}
