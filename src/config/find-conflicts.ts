import { findKeyOwner, findKnownUpstream, usualBaseUrl } from "../profiles/known-upstreams.ts";
import type { SettingName } from "./config-schema.ts";
import type { MeantName } from "./found-texts.ts";
import { isIPv4, isIPv6 } from "./ip-version.ts";
import { isLoopbackHost } from "./is-loopback-host.ts";
import { isPrivateHost } from "./is-private-host.ts";
import { unsetCommand } from "./unset-command.ts";

/** The input of the rules between settings; null for a setting that is invalid by itself. */
export interface ConflictSubject {
  readonly baseUrl: string | null;
  readonly host: string | null;
  readonly port: number | null;
  /** Empty when there is none. */
  readonly upstreamKey: string;
  readonly hasClientKey: boolean;
  /** Settings that were set under another name. */
  readonly meant: ReadonlyMap<SettingName, MeantName>;
  readonly platform: NodeJS.Platform;
  /** Whether a configuration file can name clients with keys. */
  readonly mayHaveClients: boolean;
  /** Nothing is recorded. */
  readonly isRecordOff: boolean;
  /** A password in the address of the record that was given as a flag. */
  readonly isRecordOpen: boolean;
  /** The settings of caps that are set. */
  readonly caps: readonly SettingName[];
  /** The origin of a setting in words: `the environment`, `the default`, a path. */
  readonly nameSource: (name: SettingName) => string;
}

/** A setting that has to change. */
export interface Conflict {
  readonly name: SettingName;
  /** The fault, to be read after the setting's name. */
  readonly fault: string;
  /** The remedy, in a sentence; null if the setting's example says it. */
  readonly remedy: string | null;
}

/** Finds settings that are valid one by one but not together. Its texts contain no secret. */
export function findConflicts(subject: ConflictSubject): Conflict[] {
  const { baseUrl } = subject;
  const upstream = baseUrl === null ? null : new URL(baseUrl);
  return [
    upstream === null ? null : findKeyConflict(subject, upstream.hostname),
    upstream === null ? null : findAddressConflict(subject, upstream),
    findReachConflict(subject),
    findOpenPassword(subject),
    ...findCapConflicts(subject),
  ].filter((conflict) => conflict !== null);
}

/** A key that is missing, or belongs to another company. */
function findKeyConflict(subject: ConflictSubject, host: string): Conflict | null {
  const name = "OPENAI_API_KEY";
  const known = findKnownUpstream(host);
  if (subject.upstreamKey === "") {
    if (isPrivateHost(host)) return null;
    const other = known === null ? "; if it needs none, any word will do" : "";
    return { name, fault: `is not set, but ${host} needs a key${other}`, remedy: null };
  }
  const found = findKeyOwner(subject.upstreamKey);
  // Another party's gateway may well pass on a company's key: that is a warning.
  if (found === null || known === null || found.owner === known) return null;
  const [ofKey, ofAddress] = [subject.nameSource(name), subject.nameSource("BASE_URL")];
  const places = ofKey === ofAddress ? `both from ${ofKey}` : `key from ${ofKey}, address from ${ofAddress}`;
  return {
    name,
    fault: `${found.manner}, like keys of ${found.owner.host}, but the upstream is ${host} (${places})`,
    remedy: `Set BASE_URL=${usualBaseUrl(found.owner)}, or ${name} to a key of ${known.host}.`,
  };
}

/** An address that is probably not the intended one. */
function findAddressConflict(subject: ConflictSubject, upstream: URL): Conflict | null {
  const meant = subject.meant.get("BASE_URL");
  // A key of the default upstream shows that the default address is intended.
  const isMeant = findKeyOwner(subject.upstreamKey)?.owner === findKnownUpstream(upstream.hostname);
  if (meant !== undefined && !(isMeant && subject.upstreamKey !== "")) {
    return {
      name: "BASE_URL",
      fault: `is not set, but ${meant.name} is${meant.place}: your key and your code would be sent to ${upstream.host}, the default`,
      remedy: "Use the name BASE_URL.",
    };
  }
  return isOwnAddress(subject, upstream)
    ? {
        name: "PORT",
        fault: `${subject.port} is also the port of BASE_URL: claude-proxy would call itself. Choose another`,
        remedy: `Example: PORT=${subject.port === 65_535 ? 8080 : (subject.port ?? 0) + 1}`,
      }
    : null;
}

/** Whether the upstream is the address on which this program itself listens. */
export function isOwnAddress({ host, port }: Pick<ConflictSubject, "host" | "port">, upstream: URL): boolean {
  if (host === null || port === null || port === 0) return false;
  const upstreamPort = upstream.port || (upstream.protocol === "https:" ? "443" : "80");
  const plain = (name: string) => name.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  const asAddress = (name: string) => (name === "localhost" ? "127.0.0.1" : name);
  const [own, other] = [asAddress(plain(host)), asAddress(plain(upstream.hostname))];
  const isEvery = own === "0.0.0.0" || own === "::";
  return upstreamPort === String(port) && (own === other || (isEvery && isLoopbackHost(other)));
}

/** An address that others can reach without a key, so that they could use the upstream's key. */
function findReachConflict(subject: ConflictSubject): Conflict | null {
  const { host } = subject;
  if (subject.hasClientKey || host === null || isLoopbackHost(host)) return null;
  const source = subject.nameSource("HOST");
  // Shells and conda put the machine's name or kind there; a person puts an address there.
  const isAccident = source === "the environment" && !isIPv4(host) && !isIPv6(host);
  const from = isAccident ? `${source}, where some shells and conda set it` : source;
  if (subject.mayHaveClients) {
    return {
      name: "HOST",
      fault: `is ${host} (from ${from}), where others could spend your keys`,
      remedy: isAccident
        ? `Run: ${unsetCommand("HOST", subject.platform)}, or start with --host 127.0.0.1, or name clients in the file.`
        : `Name clients in the file, or listen on 127.0.0.1. Example: clients: { me: { key: "\${MY_KEY}" } }`,
    };
  }
  return {
    name: "PROXY_API_KEY",
    fault: `is not set, but HOST is ${host} (from ${from}): others could spend your key`,
    remedy: isAccident
      ? `Run: ${unsetCommand("HOST", subject.platform)}, or start with --host 127.0.0.1, or set PROXY_API_KEY.`
      : "Set it, or use HOST=127.0.0.1. Example: PROXY_API_KEY=a-long-random-text",
  };
}

/** The process list shows flags to every user of the machine. */
function findOpenPassword({ isRecordOpen }: ConflictSubject): Conflict | null {
  if (!isRecordOpen) return null;
  return {
    name: "RECORD",
    fault: "has a password on the command line, where every user of this machine can read it",
    remedy: "Set RECORD in the environment or in the .env file instead.",
  };
}

/** What is said of a cap that cannot be counted. */
export const capWithoutRecord = "needs the record of what was spent, but RECORD is off";

/** Caps begin with what the record says was spent: without it, each start would begin with nothing. */
function findCapConflicts({ isRecordOff, caps, nameSource }: ConflictSubject): Conflict[] {
  if (!isRecordOff) return [];
  return caps.map((name) => ({
    name,
    fault: `${capWithoutRecord} (from ${nameSource("RECORD")})`,
    remedy: `Set RECORD=on, or take ${name} away.`,
  }));
}
