import { readWholeNumber } from "../json/whole-number.ts";

/** A version of Claude Code: major, minor, patch. */
export type ClientVersion = readonly [major: number, minor: number, patch: number];

/** What a version of Claude Code is known to take. */
export interface ClientAbilities {
  /** `--settings`; an older one ends at it. */
  readonly settings: boolean;
  /**
   * `--managed-settings`, rows for `/model`, windows of models, and the variable by which no settings file can replace
   * the address.
   */
  readonly hostSettings: boolean;
}

/** The oldest version in which each was seen to work. */
const settingsSince: ClientVersion = [2, 0, 77];
const hostSettingsSince: ClientVersion = [2, 1, 330];

/** Parses what `claude --version` prints, `2.1.330 (Claude Code)`; null if it is no such text. */
export function parseClientVersion(text: string): ClientVersion | null {
  const [, ...digits] = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})\b/.exec(text.trim()) ?? [];
  const [major = null, minor = null, patch = null] = digits.map(readWholeNumber);
  return major === null || minor === null || patch === null ? null : [major, minor, patch];
}

/** What a version takes: a newer one than is known takes what the newest known one does; an unknown one, nothing. */
export function findAbilities(version: ClientVersion | null): ClientAbilities {
  return {
    settings: version !== null && isAtLeast(version, settingsSince),
    hostSettings: version !== null && isAtLeast(version, hostSettingsSince),
  };
}

function isAtLeast(version: ClientVersion, least: ClientVersion): boolean {
  for (const [index, number] of least.entries()) {
    const difference = (version[index] ?? 0) - number;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
