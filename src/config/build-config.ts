import type { Config } from "./config.ts";
import { checkSettings, type SettingName, type Settings } from "./config-schema.ts";
import type { FileConfig } from "./file-config.ts";
import { findAddressProtocol } from "./find-address-protocol.ts";
import { inCamelCase } from "./in-camel-case.ts";
import { addAnthropicVersion } from "./normalize-base-url.ts";
import { isSharedRecord } from "./record-place.ts";
import { unknownClients } from "./shared-clients.ts";
import { findWaitLimits } from "./usual-limits.ts";

/** The paths of files: the members of a configuration that do not come from a single setting. */
export type ConfiguredPaths = Pick<Config, "logFilePath" | "stateFolder" | "formerStateFolders">;

/**
 * Builds the frozen configuration.
 * @param address the base URL as it was set
 * @param file what the configuration file says, if there is one
 */
export function buildConfig(
  settings: Settings,
  paths: ConfiguredPaths,
  address?: string,
  file: FileConfig | null = null,
): Config {
  const { BASE_URL, BIG_MODEL_NAME, MEDIUM_MODEL_NAME, PROXY_API_KEY } = settings;
  const limits = findWaitLimits({
    baseUrl: BASE_URL,
    firstByteSeconds: settings.UPSTREAM_FIRST_BYTE_SECONDS,
    idleSeconds: settings.UPSTREAM_IDLE_SECONDS,
  });
  return Object.freeze({
    ...inCamelCase(settings),
    baseUrl: settings.UPSTREAM_PROTOCOL === "anthropic" ? addAnthropicVersion(BASE_URL) : BASE_URL,
    mediumModelName: MEDIUM_MODEL_NAME ?? BIG_MODEL_NAME,
    proxyApiKey: PROXY_API_KEY ?? null,
    upstreamFirstByteSeconds: limits.firstByteSeconds,
    upstreamIdleSeconds: limits.idleSeconds,
    usualLimits: limits.usualLimits,
    addressProtocol: findAddressProtocol(address),
    file,
    shared: isSharedRecord(settings.RECORD) ? unknownClients : null,
    ...paths,
  });
}

/** The configuration for these texts, whatever is set elsewhere. Throws an error that names the settings with invalid texts. */
export function configOf(
  texts: Readonly<Partial<Record<SettingName, string>>>,
  paths: ConfiguredPaths,
): Config {
  const checked = checkSettings(texts);
  if ("faults" in checked) throw new Error([...checked.faults].map((words) => words.join(" ")).join("; "));
  return buildConfig(checked.settings, paths, texts.BASE_URL);
}
