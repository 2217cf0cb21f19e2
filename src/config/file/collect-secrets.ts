import { secretName, secretsOfUrl } from "../secrets-of-url.ts";
import type { FileText } from "./file-schema.ts";
import { isSecretPlace, type KeyPath, valueAt } from "./key-path.ts";
import type { UsedReference } from "./references.ts";

/**
 * Every secret of the file: keys, what came from a key store or a file, and what came from a variable to a place where a
 * secret may stand. A model or a port that comes from a variable is none.
 */
export function collectSecrets(file: FileText, used: readonly UsedReference[]): string[] {
  const secrets = new Set<string>();
  for (const { path, reference, value } of used) {
    if (reference.kind !== "variable" || (isSecretPlace(path) && !isAddress(value, path, file))) {
      secrets.add(value);
    }
  }
  for (const upstream of Object.values(file.upstreams)) {
    for (const key of [upstream.key, ...(upstream.keys ?? [])]) {
      if (key !== undefined && key !== "client") secrets.add(key);
    }
    for (const [name, value] of Object.entries(upstream.headers ?? {}))
      if (secretName.test(name)) secrets.add(value);
    for (const secret of secretsOfUrl(upstream.url)) secrets.add(secret);
    for (const secret of secretsOfUrl(upstream.http_proxy)) secrets.add(secret);
  }
  for (const { key } of Object.values(file.clients ?? {})) secrets.add(key);
  for (const secret of secretsOfUrl(String(file.server?.["record"] ?? ""))) secrets.add(secret);
  secrets.delete("");
  return [...secrets];
}

/** A whole address or a host is no secret; what may be one in it is found by itself. */
function isAddress(value: string, [, name, member]: KeyPath, file: FileText): boolean {
  if (member !== "url" && member !== "http_proxy") return false;
  const text = name === undefined ? undefined : valueAt(file, ["upstreams", name, member]);
  const host = typeof text === "string" ? (URL.parse(text)?.host ?? "") : "";
  return /^https?:\/\//i.test(value) || host.includes(value.toLowerCase());
}
