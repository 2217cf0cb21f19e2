import { getSettingNote, type SettingName, settingNames } from "./config-schema.ts";
import type { SettingSource } from "./found-texts.ts";
import { camelCaseOf } from "./in-camel-case.ts";
import type { LoadedConfig } from "./load-config.ts";
import { simpleSettings } from "./parse-settings.ts";

/** A setting as it may be shown. */
export interface ShownSetting {
  readonly name: SettingName;
  /** As it is used, without keys; null if it has none. */
  readonly value: string | null;
  readonly source: SettingSource;
}

/** Stands for a key, and tells nothing of it. */
const mask = "********";

/** The settings that are in force, in the order of the help; those of a single upstream are left out beside a file. */
export function listSettings({ config, sources }: LoadedConfig): ShownSetting[] {
  const values = new Map<string, unknown>(Object.entries(config));
  const unused = new Set<SettingName>(config.file === null ? [] : simpleSettings);
  return settingNames
    .filter((name) => !unused.has(name))
    .map((name) => ({
      name,
      value: formatValue(name, values.get(camelCaseOf(name))),
      source: sources.get(name) ?? "default",
    }));
}

function formatValue(name: SettingName, value: unknown): string | null {
  if (value === null || value === undefined || value === "") return null;
  const { flag, mayBeShown } = getSettingNote(name);
  if (typeof value === "string") return mayBeShown ? value : flag === null ? mask : withoutSecrets(value);
  // The price of unknown models is two numbers.
  return typeof value === "number" ? value.toString() : Object.values(value).join("/");
}

/** An address without its password and its query, which some upstreams take a key in. */
function withoutSecrets(address: string): string {
  return address.replace(/\?.*/, `?${mask}`).replace(/(?<=^[a-z]+:\/\/[^/@]*:)[^/@]+(?=@)/, mask);
}
