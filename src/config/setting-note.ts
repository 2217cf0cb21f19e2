import type { Rule } from "./setting-rule.ts";

/** Texts about a setting for help, messages and the README, besides its rule. */
export interface SettingNote {
  readonly description: string;
  /** Null for secrets: the process list shows flags to every user of the machine. */
  readonly flag: string | null;
  /** A valid value. */
  readonly example: string;
  /** The default in words; null if the setting is required. */
  readonly defaultText: string | null;
  /** False if the value may be or contain a secret, so that no message repeats it. */
  readonly mayBeShown: boolean;
}

/** A setting: its rule, and the texts about it. */
export interface Setting<Value> {
  readonly rule: Rule<Value>;
  readonly note: SettingNote;
}

/** Puts a setting together. */
export function setting<Value>(
  rule: Rule<Value>,
  description: string,
  flag: SettingNote["flag"],
  example: string,
  more: Partial<SettingNote> = {},
): Setting<Value> {
  return { rule, note: { description, flag, example, defaultText: null, mayBeShown: true, ...more } };
}
