import { z } from "zod";

/** What help, messages and the README say of a setting beside its rule. */
export interface SettingNote {
  readonly description: string;
  /** Null for secrets: the process list shows flags to every user of the machine. */
  readonly flag: string | null;
  /** A value that works. */
  readonly example: string;
  /** The default in words; null when the setting must be set. */
  readonly defaultText: string | null;
  /** False when the value may be or hold a secret, so that no message repeats it. */
  readonly mayBeShown: boolean;
}

export const settingNotes = z.registry<SettingNote>();
