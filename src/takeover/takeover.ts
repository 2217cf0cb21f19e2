import type { ProtocolId } from "../profiles/protocol-id.ts";

/**
 * A key: the variable that another program's file names, the key itself, which no text may show, or a reference as our
 * own file has it, such as `${file:~/key}`.
 */
export type TakenKey =
  | { readonly variable: string }
  | { readonly secret: string }
  | { readonly reference: string };

/** An upstream as a `config.yaml` of ours would name it. */
export interface TakenUpstream {
  /** A name that our file allows, and no other upstream of the same takeover has. */
  readonly name: string;
  /** Null for the usual address of the family with this name. */
  readonly url: string | null;
  /** Null where the address tells it. */
  readonly protocol: ProtocolId | null;
  /** Several are a pool. */
  readonly keys: readonly TakenKey[];
  readonly headers: Readonly<Record<string, string>>;
  /** Merged into the body of each request. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly httpProxy: string | null;
}

/** One entry of `cases`: its conditions as the file names them, and where it leads. */
export interface TakenCase {
  readonly when: Readonly<Record<string, string | number | boolean>>;
  readonly to: string;
}

/** What is said of a part of the other file, in words for its owner. No secret stands in it. */
export interface TakeoverNote {
  readonly what: string;
  readonly why: string;
}

/** What another program's file means in our words. */
export interface Takeover {
  readonly upstreams: readonly TakenUpstream[];
  /** Targets in the order of going on, by what is asked for: an id, a pattern, a tier, or `default`. */
  readonly routes: ReadonlyMap<string, readonly string[]>;
  readonly cases: readonly TakenCase[];
  /** Members of an entry of `models`, by target. */
  readonly models: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** Keys that clients have to send. */
  readonly clientKeys: readonly TakenKey[];
  /** Keys of `server`. */
  readonly server: Readonly<Record<string, string | number>>;
  /** What the other file says that we cannot do, and why. */
  readonly left: readonly TakeoverNote[];
  /** What was carried over and may do something else here than its owner expects. */
  readonly notes: readonly TakeoverNote[];
}

/** A takeover, or why the file is none of its format, without a value of the file. */
export type TakeoverResult = Takeover | { readonly fault: string };
