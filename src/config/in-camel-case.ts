import type { PlainConfig } from "./config.ts";
import { type SettingName, type Settings, settingNames } from "./config-schema.ts";

/** The settings under their names in camel case: `BASE_URL` as `baseUrl`. */
export function inCamelCase(settings: Settings): PlainConfig {
  const plain = Object.fromEntries(settingNames.map((name) => [camelCaseOf(name), settings[name]]));
  assertPlain(plain);
  return plain;
}

/** The name of a setting in `Config`: `baseUrl` for `BASE_URL`. */
export function camelCaseOf(name: SettingName): string {
  return name.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Asserts what `CamelCase` says in types. */
function assertPlain(config: object): asserts config is PlainConfig {
  for (const name of settingNames) {
    if (!Object.hasOwn(config, camelCaseOf(name))) throw new Error(`the setting ${name} is not built`);
  }
}
