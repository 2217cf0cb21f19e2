import type { SettingName } from "./config-schema.ts";

/** Where a value came from. */
export type SettingSource = "flag" | "environment" | { readonly file: string } | "default";

/** The texts that were set somewhere, of each setting the one that wins. */
export type FoundTexts = Readonly<Partial<Record<SettingName, { text: string; source: SettingSource }>>>;

/** A name that stands where a setting's should. */
export interface MeantName {
  readonly name: string;
  /** To be read after the name: ` (from …)`. */
  readonly place: string;
}
