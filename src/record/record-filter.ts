/** A comparison of a number. */
export interface NumberCondition {
  readonly comparison: "<" | "<=" | "=" | ">=" | ">";
  readonly value: number;
}

/** Texts that a member may hold: `*` stands for anything, and case does not matter. */
export interface TextCondition {
  readonly member:
    | "id"
    | "session"
    | "agent"
    | "client"
    | "kind"
    | "model"
    | "asked"
    | "upstream"
    | "rule"
    | "error"
    | "stop";
  readonly pattern: string;
  readonly isNegated: boolean;
}

/** What a number is compared with: `cost` in dollars, times in milliseconds. */
export const numberMembers = ["status", "input", "output", "cached", "cost", "ms", "first", "sends"] as const;

export interface MemberCondition extends NumberCondition {
  readonly member: (typeof numberMembers)[number];
}

/** Which requests are wanted: all conditions must hold. */
export interface RecordFilter {
  readonly texts: readonly TextCondition[];
  readonly numbers: readonly MemberCondition[];
  /** `is:error`, `is:changed`, `is:retried`, `is:estimated`, `is:broken`. */
  readonly flags: readonly ("error" | "changed" | "retried" | "estimated" | "broken")[];
  /** Words that ids, models, errors or changes contain. */
  readonly words: readonly string[];
  /** Words that a kept body contains: each is unpacked, so this takes its time. */
  readonly bodyWords: readonly string[];
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
}

export const everyRequest: RecordFilter = {
  texts: [],
  numbers: [],
  flags: [],
  words: [],
  bodyWords: [],
  sinceMs: null,
  untilMs: null,
};
