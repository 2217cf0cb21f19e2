import {
  checkSettings,
  getSettingNote,
  readSetting,
  type SettingName,
  type Settings,
  settingNames,
} from "./config-schema.ts";
import type { FileLayer } from "./file-layer.ts";
import { findConflicts } from "./find-conflicts.ts";
import type { FoundTexts, MeantName } from "./found-texts.ts";
import { isSharedRecord } from "./record-place.ts";
import { exampleFault } from "./setting-rules.ts";

/** The settings that make the only upstream of the simple case; a file with upstreams has no use for them. */
export const simpleSettings = [
  "OPENAI_API_KEY",
  "BASE_URL",
  "BIG_MODEL_NAME",
  "MEDIUM_MODEL_NAME",
  "SMALL_MODEL_NAME",
  "UPSTREAM_PROFILE",
  "UPSTREAM_PROTOCOL",
] as const satisfies readonly SettingName[];

const capSettings = [
  "BUDGET_USD_PER_DAY",
  "BUDGET_USD_PER_SESSION",
] as const satisfies readonly SettingName[];

/** The origin of a setting, to be read after "from". */
function nameSource(name: SettingName, found: FoundTexts): string {
  const source = found[name]?.source ?? "default";
  if (typeof source === "object") {
    return source.file;
  }
  return source === "flag" ? (getSettingNote(name).flag ?? "a flag") : `the ${source}`;
}

/**
 * Composes the line that explains a faulty setting to the user.
 * @param fault the fault, to be read after the setting's name
 * @param remedy the remedy; null gives the setting's example
 * @returns setting, value unless it is secret, fault, origin, and remedy
 */
export function describeProblem(
  name: SettingName,
  fault: string,
  found: FoundTexts,
  remedy: string | null = null,
): string {
  const note = getSettingNote(name);
  const given = found[name];
  if (remedy !== null) return `${name} ${fault}. ${remedy}`;
  const value = given !== undefined && note.mayBeShown ? `=${JSON.stringify(given.text.slice(0, 60))}` : "";
  const source = given === undefined ? "" : ` (from ${nameSource(name, found)})`;
  const example = fault === exampleFault ? "Put your own value there." : `Example: ${name}=${note.example}`;
  return `${name}${value} ${fault}${source}. ${example}`;
}

export interface ParseOptions {
  /** Settings that were set under another name, by the intended setting. */
  readonly meant: ReadonlyMap<SettingName, MeantName>;
  /** Whether a missing setting is no fault. */
  readonly mayLack: boolean;
  readonly platform: NodeJS.Platform;
  /** The configuration file, beside which the settings of the simple case are not used. */
  readonly file?: Pick<FileLayer, "hasClients"> | null;
}

/** The texts for a configuration whose upstreams are in a file: those of the simple case count as not set. */
export function withoutSimple(found: FoundTexts): FoundTexts {
  const unused = new Set<string>(simpleSettings);
  const used = Object.fromEntries(Object.entries(found).filter(([name]) => !unused.has(name)));
  const none = { text: "", source: "default" } as const;
  return { ...used, BIG_MODEL_NAME: none, SMALL_MODEL_NAME: none };
}

/**
 * Checks each setting and whether they are valid together.
 * @returns the typed settings, or a line for every fault, in the order of the settings
 */
export function parseSettings(
  found: FoundTexts,
  { meant, mayLack, platform, file = null }: ParseOptions,
): { settings: Settings } | { problems: string[] } {
  const texts = Object.fromEntries(Object.entries(found).map(([name, { text }]) => [name, text]));
  const checked = checkSettings(texts);
  const ownFaults = "faults" in checked ? [...checked.faults] : [];
  const faults = new Map<SettingName, { fault: string; remedy: string | null }>(
    ownFaults.map(([name, fault]) => [name, { fault, remedy: null }]),
  );
  // This also runs if a setting is faulty: a user who has set nothing yet should learn of the missing key at once.
  const conflicts = findConflicts({
    baseUrl: file === null ? readSetting("BASE_URL", found.BASE_URL?.text) : null,
    host: readSetting("HOST", found.HOST?.text),
    port: readSetting("PORT", found.PORT?.text),
    upstreamKey: found.OPENAI_API_KEY?.text ?? "",
    mayHaveClients: file !== null,
    isRecordOff: readSetting("RECORD", found.RECORD?.text) === "off",
    isRecordOpen: found.RECORD?.source === "flag" && (URL.parse(found.RECORD.text)?.password ?? "") !== "",
    caps: capSettings.filter((name) => found[name] !== undefined),
    // Clients of a shared record come later; until then nobody is admitted.
    hasClientKey:
      found.PROXY_API_KEY !== undefined ||
      file?.hasClients === true ||
      isSharedRecord(String(readSetting("RECORD", found.RECORD?.text))),
    meant,
    platform,
    nameSource: (name) => nameSource(name, found),
  });
  for (const { name, fault, remedy } of conflicts) {
    if (!faults.has(name)) faults.set(name, { fault, remedy });
  }
  if ("settings" in checked && faults.size === 0) return checked;
  const problems = settingNames.flatMap((name) => {
    const problem = faults.get(name);
    if (problem === undefined || (mayLack && found[name] === undefined)) return [];
    const other = found[name] === undefined && name !== "BASE_URL" ? meant.get(name) : undefined;
    return other === undefined
      ? [describeProblem(name, problem.fault, found, problem.remedy)]
      : [`${name} is not set, but ${other.name} is${other.place}. Use the name ${name}.`];
  });
  return { problems };
}
