import {
  configSchema,
  getSettingNote,
  type SettingName,
  type Settings,
  settingNames,
} from "./config-schema.ts";
import { findConflicts } from "./find-conflicts.ts";

/** Where a value came from. */
export type SettingSource = "flag" | "environment" | { readonly file: string } | "default";

/** The texts that were set somewhere, of each setting the one that wins. */
export type FoundTexts = Readonly<Partial<Record<SettingName, { text: string; source: SettingSource }>>>;

function nameSource(name: SettingName, source: SettingSource): string {
  if (typeof source === "object") {
    return ` (from ${source.file})`;
  }
  return source === "flag" ? ` (from ${getSettingNote(name).flag})` : " (from the environment)";
}

/**
 * The line that tells the user of a faulty setting.
 * @param fault what is wrong, to be read after the setting's name
 * @returns setting, value unless it is secret, fault, where it was set, and an example
 */
export function describeProblem(name: SettingName, fault: string, found: FoundTexts): string {
  const note = getSettingNote(name);
  const given = found[name];
  const value = given !== undefined && note.mayBeShown ? `=${JSON.stringify(given.text.slice(0, 60))}` : "";
  const source = given === undefined ? "" : nameSource(name, given.source);
  return `${name}${value} ${fault}${source}. Example: ${name}=${note.example}`;
}

/**
 * Checks each setting and how they go together.
 * @returns the typed settings, or a line for every fault, in the order of the settings
 */
export function parseSettings(found: FoundTexts): { settings: Settings } | { problems: string[] } {
  const parsed = configSchema.safeParse(
    Object.fromEntries(Object.entries(found).map(([name, { text }]) => [name, text])),
  );
  const faults = new Map<string, string>();
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0]);
    // Of several faults of one setting the first is the plainest.
    faults.set(name, faults.get(name) ?? issue.message);
  }
  // Also when a setting is faulty: a user who has set nothing yet should learn of the missing key at once.
  const baseUrl = configSchema.shape.BASE_URL.safeParse(found.BASE_URL?.text);
  const host = configSchema.shape.HOST.safeParse(found.HOST?.text);
  const conflicts = findConflicts({
    baseUrl: baseUrl.data ?? null,
    host: host.data ?? null,
    hasUpstreamKey: found.OPENAI_API_KEY !== undefined,
    hasClientKey: found.PROXY_API_KEY !== undefined,
  });
  for (const [name, fault] of conflicts) {
    faults.set(name, fault);
  }
  if (parsed.success && faults.size === 0) {
    return { settings: parsed.data };
  }
  const problems = settingNames.flatMap((name) => {
    const fault = faults.get(name);
    return fault === undefined ? [] : [describeProblem(name, fault, found)];
  });
  return { problems };
}
