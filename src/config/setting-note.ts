import { z } from "zod";

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

export const settingNotes = z.registry<SettingNote>();

/** A setting: its rule, with the texts about it noted. */
export function setting<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
  flag: SettingNote["flag"],
  example: string,
  more: Partial<SettingNote> = {},
): Schema {
  // The registry identifies a schema by its object, and some settings share one.
  const own = schema.clone();
  const registered: z.ZodType = own;
  settingNotes.add(registered, { description, flag, example, defaultText: null, mayBeShown: true, ...more });
  return own;
}
