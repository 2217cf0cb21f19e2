import type { SettingName } from "./config-schema.ts";
import { settingNames } from "./config-schema.ts";
import type { FoundTexts, MeantName } from "./found-texts.ts";
import { findSynonym, guessSetting } from "./guess-setting.ts";
import type { Environment } from "./locate-folders.ts";
import type { EnvFile } from "./read-env-file.ts";

export interface ForeignNames {
  /** For settings that are set nowhere: the names that were probably meant for them. */
  readonly meant: ReadonlyMap<SettingName, MeantName>;
  /** Lines about names in the `.env` file that have no effect. */
  readonly warnings: readonly string[];
}

/** Without one of these nothing starts, or code goes to an unintended server. */
const neededNames: ReadonlySet<SettingName> = new Set([
  "OPENAI_API_KEY",
  "BASE_URL",
  "BIG_MODEL_NAME",
  "SMALL_MODEL_NAME",
]);

/** Read from the environment only, by Bun, its fetch or our code; some before our code runs. */
const environmentOnly =
  /^(?:(?:HTTPS?|ALL|NO)_PROXY|NODE_[A-Z_]+|SSL_CERT_(?:FILE|DIR)|BUN_[A-Z_]+|NO_COLOR|FORCE_COLOR|XDG_[A-Z_]+|STATE_DIRECTORY|HOME)$/i;

/** Read by Claude Code. */
const ofTheClient = /^(?:ANTHROPIC|CLAUDE)_/i;

/** docker compose also reads the `.env` of its folder. */
const ofCompose = /^(?:COMPOSE|DOCKER)_/;

/** In the environment these belong to an OPENAI_API_KEY; other addresses there belong to other programs. */
const addressInEnvironment = /^(?:OPENAI_BASE_URL|OPENAI_API_BASE(?:_URL)?|base_url)$/;

/** The file of another program may contain hundreds. */
const mostNamed = 8;

/**
 * Finds names that are no settings': all of those in the `.env` file, and the ones in the environment that explain why
 * a setting is missing.
 * @param hasFile whether there is a configuration file, which may read any name of the `.env` file
 */
export function findForeignNames(
  envFile: EnvFile | null,
  env: Environment,
  found: FoundTexts,
  hasFile = false,
): ForeignNames {
  const inEnvironment = new Map(Object.entries(env));
  const meant = new Map<SettingName, MeantName>();
  const warnings: string[] = [];
  const unused: string[] = [];
  const remember = (setting: SettingName | null, name: string, place: string): boolean => {
    if (setting === null || found[setting] !== undefined) return false;
    if (!meant.has(setting)) meant.set(setting, { name, place });
    return true;
  };
  for (const [name, value] of Object.entries(envFile?.values ?? {})) {
    if (isSetting(name) || ofCompose.test(name) || value.trim() === "") continue;
    const path = envFile?.path ?? "";
    if (environmentOnly.test(name)) {
      if (inEnvironment.get(name) !== value) {
        warnings.push(
          `${path} sets ${name}, which works only in the environment. Set it in the shell that starts claude-proxy.`,
        );
      }
    } else if (ofTheClient.test(name)) {
      warnings.push(
        `${path} sets ${name}, which has no effect here: set it in the terminal in which claude runs.`,
      );
    } else if (!hasFile) {
      const setting = guessSetting(name);
      if (!remember(setting, name, ` (from ${path})`)) {
        unused.push(setting === null ? name : `${name} (${setting} is used instead)`);
      } else {
        warnings.push(`${path} sets ${name}, which is not a setting. Did you mean ${setting}?`);
      }
    }
  }
  for (const [name, value] of inEnvironment) {
    if (value === undefined || value.trim() === "" || isSetting(name) || ofTheClient.test(name)) continue;
    const setting = findSynonym(name);
    if (setting === null || !neededNames.has(setting)) continue;
    if (setting === "BASE_URL" && !addressInEnvironment.test(name)) continue;
    remember(setting, name, " (from the environment)");
  }
  const unusedLine = describeUnused(unused);
  if (unusedLine !== null) warnings.push(`${envFile?.path} sets ${unusedLine}.`);
  return { meant, warnings };
}

function describeUnused(names: readonly string[]): string | null {
  if (names.length < 2) return names[0] === undefined ? null : `${names[0]}, which is not a setting`;
  const rest = names.length - mostNamed;
  const more = rest > 0 ? ` and ${rest} more` : "";
  return `${names.length} names that are not settings: ${names.slice(0, mostNamed).join(", ")}${more}`;
}

function isSetting(name: string): boolean {
  return name === "CONFIG_FILE" || settingNames.some((setting) => setting === name);
}
