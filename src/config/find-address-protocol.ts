import type { ProtocolId } from "../profiles/protocol-id.ts";

/** The path of each wire's requests, as manuals write it behind the base URL. */
const protocolPaths: readonly (readonly [RegExp, ProtocolId])[] = [
  [/\/chat\/completions$/, "chat"],
  [/\/responses$/, "responses"],
];

/** The wire whose complete address this is, copied from a manual, and the path without that end (rule 20.1). */
export function cutProtocolPath(pathname: string): { path: string; protocol: ProtocolId | null } {
  const path = pathname.replace(/\/+$/, "");
  const found = protocolPaths.find(([end]) => end.test(path));
  if (found === undefined) return { path, protocol: null };
  const [end, protocol] = found;
  return { path: path.replace(end, "").replace(/\/+$/, ""), protocol };
}

/** The wire that a base URL names by its path, as the user wrote it; null if it names none. */
export function findAddressProtocol(text: string | undefined): ProtocolId | null {
  const url = text === undefined ? null : URL.parse(text.trim());
  return url === null ? null : cutProtocolPath(url.pathname).protocol;
}
