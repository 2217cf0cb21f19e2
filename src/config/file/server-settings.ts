import { z } from "zod";
import { checkSetting, getSettingNote, type SettingName, settingNames } from "../config-schema.ts";

/** What of the simple case has another place in the file, with that place. */
const elsewhere: Readonly<Partial<Record<SettingName, string>>> = {
  BASE_URL: "the address of an upstream is upstreams.NAME.url",
  OPENAI_API_KEY: "the key of an upstream is upstreams.NAME.key",
  PROXY_API_KEY: "the keys of clients are clients.NAME.key",
  BIG_MODEL_NAME: "the usual model is routes.default",
  MEDIUM_MODEL_NAME: "the model for sonnet is routes.sonnet",
  SMALL_MODEL_NAME: "the model for haiku is routes.haiku",
  UPSTREAM_PROFILE: "the family of an upstream is upstreams.NAME.profile",
  UPSTREAM_PROTOCOL: "the protocol of an upstream is upstreams.NAME.protocol",
};

/** The settings that `server` takes, by their names there. */
const settingByKey: ReadonlyMap<string, SettingName> = new Map(
  settingNames.filter((name) => !Object.hasOwn(elsewhere, name)).map((name) => [name.toLowerCase(), name]),
);

/** The keys of `server` that are settings. */
export const serverKeys: readonly string[] = [...settingByKey.keys()];

/** Where a setting that `server` does not take belongs; null if it is none. */
export function findOtherPlace(key: string): string | null {
  const name = settingNames.find((setting) => setting.toLowerCase() === key.toLowerCase());
  return name === undefined ? null : (elsewhere[name] ?? null);
}

/** The members of `server` for the schema: each is checked by its setting's own rule. */
export function createServerShape(): Record<string, z.ZodOptional<z.ZodType<string | number | boolean>>> {
  return Object.fromEntries(
    [...settingByKey].map(([key, name]) => {
      const { description, defaultText } = getSettingNote(name);
      const rest = defaultText === null ? "" : `. Default: ${defaultText}`;
      return [
        key,
        z
          // Many write `record: false`, as `off` is one in older YAML.
          .union([z.string(), z.number(), z.boolean()], "must be a text or a number")
          .optional()
          .describe(description + rest),
      ];
    }),
  );
}

/** The settings of `server` as texts, and the faults of those that their rules refuse. */
export function readServer(server: ReadonlyMap<string, string | number | boolean | undefined>): {
  texts: Partial<Record<SettingName, string>>;
  faults: { key: string; text: string; given: string }[];
} {
  const texts: Partial<Record<SettingName, string>> = {};
  const faults: { key: string; text: string; given: string }[] = [];
  for (const [key, name] of settingByKey) {
    const text = `${server.get(key) ?? ""}`;
    if (text.trim() === "") continue;
    const checked = checkSetting(name, text);
    if ("fault" in checked) faults.push({ key, text: checked.fault, given: text });
    else texts[name] = text;
  }
  return { texts, faults };
}
