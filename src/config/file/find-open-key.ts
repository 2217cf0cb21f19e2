import type { FileText } from "./file-schema.ts";
import type { KeyPath } from "./key-path.ts";

/** Headers whose values are keys. */
const secretHeader = /auth|key|token|secret|cookie/i;

/** Whether a key is written out in the file instead of being named, so that whoever reads the file has it. */
export function hasWrittenKey(file: FileText, hasReference: (path: KeyPath) => boolean): boolean {
  const isWritten = (path: KeyPath, text: string | undefined) =>
    text !== undefined && text !== "client" && !hasReference(path);
  const record = String(file.server?.["record"] ?? "");
  return (
    ((URL.parse(record)?.password ?? "") !== "" && isWritten(["server", "record"], record)) ||
    Object.entries(file.upstreams).some(([name, { key, keys, headers, http_proxy: httpProxy }]) => {
      const path: KeyPath = ["upstreams", name];
      const proxyPassword = httpProxy === undefined ? "" : (URL.parse(httpProxy)?.password ?? "");
      return (
        isWritten([...path, "key"], key) ||
        keys?.some((text, index) => isWritten([...path, "keys", index], text)) === true ||
        (proxyPassword !== "" && isWritten([...path, "http_proxy"], httpProxy)) ||
        Object.entries(headers ?? {}).some(
          ([header, text]) => secretHeader.test(header) && isWritten([...path, "headers", header], text),
        )
      );
    }) ||
    Object.entries(file.clients ?? {}).some(([name, { key }]) => isWritten(["clients", name, "key"], key))
  );
}

/** A line about who else can read or change the file; null where nobody can whom it concerns. */
export function findModeRisk(
  path: string,
  mode: number,
  holdsKey: boolean,
  platform: NodeJS.Platform,
): string | null {
  if (platform === "win32" || (mode & (holdsKey ? 0o077 : 0o022)) === 0) return null;
  return holdsKey
    ? `${path} holds a key, and other users of this machine can read or write it. Run: chmod 600 '${path}'`
    : `${path} can be changed by other users of this machine. Run: chmod go-w '${path}'`;
}
