import type { Environment } from "../config/locate-folders.ts";
import type { JsonObject } from "../json/json-value.ts";
import type { ClientVersion } from "./client-version.ts";

/** The words of Claude Code for a class of models, under which it asks for one. */
export type LaunchTier = "fable" | "opus" | "sonnet" | "haiku";

/** Dollars for a million tokens. */
interface LaunchPrice {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
}

/** A model that the proxy offers; null for what is not known of it. */
export interface LaunchModel {
  readonly id: string;
  /** What people read. */
  readonly name: string;
  /** The tier that the id stands for; null for a model with an id of its own. */
  readonly tier: LaunchTier | null;
  readonly windowTokens: number | null;
  /** The longest answer. */
  readonly maxOutputTokens: number | null;
  readonly price: LaunchPrice | null;
}

/** The proxy for which Claude Code is started. */
export interface LaunchProxy {
  /** Where the client reaches it: `http://<host>:<port>`. */
  readonly url: string;
  /** The key by which it knows its clients; null if it needs none. */
  readonly clientKey: string | null;
  /** Some upstream gets the login that the client itself has. */
  readonly passesLogin: boolean;
  readonly models: readonly LaunchModel[];
}

/** The client that is started, and what its user has set. */
export interface LaunchClient {
  /** Null if it did not say one. */
  readonly version: ClientVersion | null;
  /** The environment that it would have. */
  readonly env: Environment;
  /** What its user's settings hold; empty if there are none. */
  readonly userSettings: JsonObject;
  /** What its user gives it with `--settings`; null if nothing. */
  readonly givenSettings: JsonObject | null;
}

export interface LaunchSubject {
  readonly proxy: LaunchProxy;
  readonly client: LaunchClient;
  /** The model with which the session begins; null for the client's own choice. */
  readonly model: string | null;
}

/** A variable of the client's environment; null removes it. */
export interface LaunchVariable {
  readonly name: string;
  readonly value: string | null;
  /** Nobody may see it who could not read the key itself. */
  readonly isSecret: boolean;
}
