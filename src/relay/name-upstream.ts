import type { Profile } from "../profiles/profile.ts";
import type { RelayDependencies } from "./relay-dependencies.ts";

/**
 * The name of an upstream, as people know it: that of the configuration file. Without one it is the family, or the host
 * if the family is not known.
 */
export function nameUpstream(
  { config, settings }: Pick<RelayDependencies, "config" | "settings">,
  { id: family }: Pick<Profile, "id">,
): string {
  if (config.file !== null) return settings.name;
  return family === "generic" ? new URL(settings.baseUrl).host : family;
}
