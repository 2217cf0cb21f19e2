import type { Target } from "../config/file-config.ts";

/** A rule that may choose the targets of a request. */
export type Rule =
  /** `number` counts from 1, as people do; `line` of the file, from 1. */
  | { readonly type: "case"; readonly number: number; readonly line: number }
  | { readonly type: "id" | "pattern" | "tier" | "default"; readonly asked: string; readonly line: number }
  /** An id that begins with the name of an upstream needs no line in the file. */
  | { readonly type: "upstream" };

/** A rule that was looked at. */
export interface RuleLook {
  readonly rule: Rule;
  readonly isMatch: boolean;
  /** Why it matches or does not, in a few words of plain English. */
  readonly reason: string;
}

/** Where a request goes. */
export interface Selected {
  /** At least one, none twice, in the order of going on; with the ids that the upstreams know. */
  readonly targets: readonly Target[];
  readonly rule: Rule;
}

/** No rule matches. */
export interface NoTarget {
  readonly targets: null;
  /** What was asked for, and what there is: for a `not_found_error`. */
  readonly message: string;
}

export type Selection = Selected | NoTarget;
