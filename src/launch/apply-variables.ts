import type { Environment } from "../config/locate-folders.ts";
import type { LaunchVariable } from "./launch-subject.ts";

/** The environment with the variables set or removed; Windows knows names in any case. */
export function applyVariables(
  env: Environment,
  variables: readonly LaunchVariable[],
  platform: NodeJS.Platform,
): Record<string, string> {
  const fold = (name: string) => (platform === "win32" ? name.toUpperCase() : name);
  const ours = new Set(variables.map(({ name }) => fold(name)));
  const applied = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !ours.has(fold(name))) applied.set(name, value);
  }
  for (const { name, value } of variables) if (value !== null) applied.set(name, value);
  return Object.fromEntries(applied);
}
