import { selectProfile } from "../profiles/select-profile.ts";

/** A name for the upstream at an address: its family's, `local` for a server on this machine, or a part of its host. */
export function nameAddress(address: string): string {
  const url = URL.parse(address);
  if (url === null) return "upstream";
  const family = selectProfile({ setting: "auto", baseUrl: url.href, model: "" }).id;
  if (family !== "generic") return family;
  if (url.hostname === "localhost" || /^[\d.]+$|^\[/.test(url.hostname)) return "local";
  return url.hostname.split(".").at(-2) ?? url.hostname;
}
