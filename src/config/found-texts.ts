import type { SettingName } from "./config-schema.ts";

/** The origin of a value. */
export type SettingSource = "flag" | "environment" | { readonly file: string } | "default";

/** The texts set anywhere, for each setting the one that wins. */
export type FoundTexts = Readonly<Partial<Record<SettingName, { text: string; source: SettingSource }>>>;

/** A name in the place of a setting's name. */
export interface MeantName {
  readonly name: string;
  /** To be read after the name: ` (from …)`. */
  readonly place: string;
}
