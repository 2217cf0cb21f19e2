import type { SettingName } from "./config-schema.ts";
import { isLoopbackHost } from "./is-loopback-host.ts";

/** What the rules between settings look at; null stands for a setting that is faulty in itself. */
export interface ConflictSubject {
  readonly baseUrl: string | null;
  readonly host: string | null;
  readonly hasUpstreamKey: boolean;
  readonly hasClientKey: boolean;
}

/**
 * Settings that are fine one by one but not together.
 * @returns the setting to change and what is wrong with it
 */
export function findConflicts(subject: ConflictSubject): (readonly [SettingName, string])[] {
  const conflicts: (readonly [SettingName, string])[] = [];
  const upstreamHost = subject.baseUrl === null ? "localhost" : new URL(subject.baseUrl).hostname;
  if (!subject.hasUpstreamKey && !isLoopbackHost(upstreamHost)) {
    conflicts.push(["OPENAI_API_KEY", `is not set, but ${upstreamHost} will want a key`]);
  }
  if (!subject.hasClientKey && subject.host !== null && !isLoopbackHost(subject.host)) {
    conflicts.push([
      "PROXY_API_KEY",
      `is not set, but HOST is ${subject.host}: others could spend your key. Set it, or use HOST=127.0.0.1`,
    ]);
  }
  return conflicts;
}
