import { findKeyOwner, findKnownServer, findKnownUpstream } from "../profiles/known-upstreams.ts";
import type { Config } from "./config.ts";
import { type SettingName, settingNames } from "./config-schema.ts";
import { describeAddressRisk } from "./describe-address-risk.ts";
import type { FoundTexts } from "./found-texts.ts";
import { isPrivateHost, isThisMachine } from "./is-private-host.ts";
import type { Environment, Place } from "./locate-folders.ts";
import { simpleSettings } from "./parse-settings.ts";
import type { EnvFile } from "./read-env-file.ts";
import { unsetCommand } from "./unset-command.ts";

/** A key that others may try to guess should be at least this long. */
export const shortestGoodKey = 16;

/** Where the settings came from. */
export interface RiskSubject extends Place {
  /** The `.env` file that was read, if any. */
  readonly envFile: EnvFile | null;
  readonly found: FoundTexts;
}

/**
 * Finds settings that are allowed but probably not intended.
 * @returns lines for the user
 */
export function findRisks(config: Config, subject: RiskSubject): string[] {
  return [
    ...findOverridden(subject, config.file === null ? [] : simpleSettings),
    // The upstreams of a configuration file are looked at where they are read.
    ...(config.file === null ? findUpstreamRisks(config, new URL(config.baseUrl)) : []),
    config.proxyApiKey !== null && config.proxyApiKey.length < shortestGoodKey
      ? `PROXY_API_KEY has fewer than ${shortestGoodKey} characters and could be guessed.`
      : null,
    config.logLevel === "DEBUG"
      ? `LOG_LEVEL is DEBUG: whole prompts and answers, including your code, are written to ${config.logFilePath}`
      : null,
    findCertificateRisk(subject.env),
  ].filter((risk) => risk !== null);
}

function findUpstreamRisks(config: Config, url: URL): (string | null)[] {
  return [
    findEncryptionRisk(config, url),
    config.upstreamProtocol === "anthropic" ? null : describeAddressRisk(url),
    findProtocolRisk(config),
    findKeyRisk(config, url),
  ];
}

/**
 * Settings in the file that have no effect because the environment sets them, too. A flag is intended, so it is not
 * listed.
 */
function findOverridden(
  { env, envFile, found, platform }: RiskSubject,
  unused: readonly SettingName[],
): string[] {
  return settingNames.flatMap((name) => {
    if (unused.includes(name)) return [];
    const inFile = envFile?.values[name]?.trim() ?? "";
    const isOverridden =
      found[name]?.source === "environment" && inFile !== "" && inFile !== env[name]?.trim();
    return isOverridden
      ? [
          `${name} is set in the environment and, with a different value, in ${envFile?.path}. ` +
            `The environment's value is used. To use the file's, run: ${unsetCommand(name, platform)}`,
        ]
      : [];
  });
}

function findEncryptionRisk({ openaiApiKey }: Config, url: URL): string | null {
  if (url.protocol !== "http:" || isThisMachine(url.hostname)) return null;
  const what = openaiApiKey === "" ? "your code is sent" : "your key and your code are sent";
  return `BASE_URL is not encrypted: ${what} to ${url.host} in the clear. Use https:// if the server supports it.`;
}

/** A setting is never overridden, so the address may name another wire. */
function findProtocolRisk({ upstreamProtocol, addressProtocol }: Config): string | null {
  if (upstreamProtocol === "auto" || addressProtocol === null || upstreamProtocol === addressProtocol)
    return null;
  return `BASE_URL ends like an address for UPSTREAM_PROTOCOL=${addressProtocol}, but UPSTREAM_PROTOCOL is ${upstreamProtocol}, which is used.`;
}

/** A key that the server will probably not know. */
function findKeyRisk({ openaiApiKey }: Config, { hostname }: URL): string | null {
  if (isPrivateHost(hostname)) return null;
  const found = findKeyOwner(openaiApiKey);
  if (found !== null) {
    return found.owner === findKnownUpstream(hostname)
      ? null
      : `OPENAI_API_KEY ${found.manner}, like keys of ${found.owner.host}. It will be sent to ${hostname}.`;
  }
  const { host, keyPrefixes = [], hasNoOtherKeys = false } = findKnownServer(hostname) ?? {};
  return openaiApiKey.startsWith("sk-") && hasNoOtherKeys
    ? `OPENAI_API_KEY does not begin with ${keyPrefixes[0]}, as keys of ${host} do. If it is another company's, set BASE_URL to that company's address.`
    : null;
}

function findCertificateRisk(env: Environment): string | null {
  return env["NODE_TLS_REJECT_UNAUTHORIZED"] === "0"
    ? "NODE_TLS_REJECT_UNAUTHORIZED=0 is set: certificates are not checked, so anyone on the network path can read your key."
    : null;
}
