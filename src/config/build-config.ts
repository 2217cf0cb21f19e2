import type { Config } from "./config.ts";
import { configSchema, defaultWaitSeconds, type SettingName, type Settings } from "./config-schema.ts";
import { findAddressProtocol } from "./find-address-protocol.ts";
import { inCamelCase } from "./in-camel-case.ts";
import { isLoopbackHost } from "./is-loopback-host.ts";

/** The paths of files: the members of a configuration that do not come from a single setting. */
export type ConfiguredPaths = Pick<Config, "logFilePath" | "stateFolder" | "formerStateFolders">;

/**
 * Builds the frozen configuration.
 * @param address the base URL as it was set
 */
export function buildConfig(settings: Settings, paths: ConfiguredPaths, address?: string): Config {
  const { BASE_URL, BIG_MODEL_NAME, MEDIUM_MODEL_NAME, PROXY_API_KEY } = settings;
  const { UPSTREAM_FIRST_BYTE_SECONDS: firstByteSeconds, UPSTREAM_IDLE_SECONDS: idleSeconds } = settings;
  return Object.freeze({
    ...inCamelCase(settings),
    mediumModelName: MEDIUM_MODEL_NAME ?? BIG_MODEL_NAME,
    proxyApiKey: PROXY_API_KEY ?? null,
    upstreamFirstByteSeconds: limitOf(firstByteSeconds ?? usualFirstByteSeconds(BASE_URL)),
    upstreamIdleSeconds: limitOf(idleSeconds ?? defaultWaitSeconds),
    usualLimits: { firstByte: firstByteSeconds === undefined, idle: idleSeconds === undefined },
    addressProtocol: findAddressProtocol(address),
    file: null,
    ...paths,
  });
}

/** The configuration for these texts, whatever is set elsewhere. Throws ZodError for an invalid text. */
export function configOf(
  texts: Readonly<Partial<Record<SettingName, string>>>,
  paths: ConfiguredPaths,
): Config {
  return buildConfig(configSchema.parse(texts), paths, texts.BASE_URL);
}

/** Null for no limit, which is set as 0. */
function limitOf(seconds: number): number | null {
  return seconds === 0 ? null : seconds;
}

/**
 * A large model on a small machine reads a long prompt for many minutes, and no network on the way can lose the answer.
 */
function usualFirstByteSeconds(baseUrl: string): number {
  return isLoopbackHost(new URL(baseUrl).hostname) ? 0 : defaultWaitSeconds;
}
