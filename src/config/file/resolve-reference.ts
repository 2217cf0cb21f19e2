import { readFileSync, statSync } from "node:fs";
import { type Environment, type Place, pathsOf } from "../locate-folders.ts";
import type { Reference, Resolved } from "./references.ts";

/** Reads an entry of the system's key store; null if there is none. Rejects where there is no key store. */
export type KeychainReader = (name: string) => Promise<string | null>;

export interface ReferenceSource extends Place {
  /** The assignments of the `.env` file, which come after the environment. */
  readonly envValues: Environment;
  readonly readKeychain?: KeychainReader | undefined;
}

/** Under this name the entries stand in the key store. */
export const keychainService = "claude-proxy";

/** A locked key store asks its user, who may not be there. */
const keychainMs = 60_000;

/** No key is longer. */
const largestSecretBytes = 64 * 1024;

/** Resolves what `${…}` names. Never rejects. */
export async function resolveReference(reference: Reference, source: ReferenceSource): Promise<Resolved> {
  if (reference.kind === "file") return readSecretFile(reference.name, source);
  if (reference.kind === "keychain") return readKeychainEntry(reference.name, source.readKeychain);
  const { name } = reference;
  for (const values of [source.env, source.envValues]) {
    const value = new Map(Object.entries(values)).get(name) ?? "";
    if (value.trim() !== "") return { value };
  }
  return {
    fault: `needs \${${name}}, but ${name} is not set, neither in the environment nor in the .env file`,
  };
}

/**
 * The absolute path that a setting of the file names.
 * @returns null if it is relative: it would mean another file in every folder
 */
export function resolveOwnPath(path: string, { platform, homeDir }: Place): string | null {
  const paths = pathsOf(platform);
  const whole = path.replace(/^~(?=[/\\])/, () => homeDir);
  return paths.isAbsolute(whole) ? paths.normalize(whole) : null;
}

function readSecretFile(name: string, place: Place): Resolved {
  const path = resolveOwnPath(name, place);
  const shown = `\${file:${name}}`;
  if (path === null) return { fault: `has ${shown}: the path must be absolute or begin with ~/` };
  const failed = (reason: string): Resolved => ({ fault: `needs ${shown}, which cannot be read: ${reason}` });
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return failed("there is no such file");
    if (!stats.isFile()) return failed("it is not a file");
    if (stats.size > largestSecretBytes) return failed("it is larger than 64 KiB, so it is no key");
    const value = readFileSync(path, "utf8")
      .replace(/^\ufeff/, "")
      .replace(/\r?\n$/, "");
    return value === "" ? failed("it is empty") : { value };
  } catch (error) {
    return failed(error instanceof Error ? error.message : "it failed");
  }
}

export const readSystemKeychain: KeychainReader = (name) =>
  Bun.secrets.get({ service: keychainService, name });

async function readKeychainEntry(name: string, read: KeychainReader = readSystemKeychain): Promise<Resolved> {
  const shown = `needs \${keychain:${name}}`;
  const { promise: late, resolve: giveUp } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => giveUp("late"), keychainMs);
  try {
    const value = await Promise.race([read(name), late]);
    if (value === "late") return { fault: `${shown}, but the system's key store did not answer in a minute` };
    if (value !== null && value !== "") return { value };
    return {
      fault: `${shown}, but the system's key store has no entry ${name} of the service ${keychainService}`,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 100) : "it failed";
    return {
      fault: `${shown}, but the system's key store cannot be read here (${reason}). Use \${NAME} or \${file:/path}`,
    };
  } finally {
    clearTimeout(timer);
  }
}
