import { isPrivateHost } from "../config/is-private-host.ts";
import { messagesPath, normalizeBaseUrl } from "../config/normalize-base-url.ts";
import { findKnownServer, usualBaseUrl } from "../profiles/known-upstreams.ts";
import type { ProtocolId } from "../profiles/protocol-id.ts";

/** An address of another program's file, as ours would have it. */
export interface TakenAddress {
  readonly url: string;
  /** The wire that its path names; null if it names none. */
  readonly protocol: ProtocolId | null;
  /** A server of the user's own machine or network, which may need no key. */
  readonly isPrivate: boolean;
}

/** Reads an address, whole or with the path of its wire. The fault does not repeat the address. */
export function readAddress(text: string): TakenAddress | { readonly fault: string } {
  const normalized = normalizeBaseUrl(text.trim());
  if ("fault" in normalized) return { fault: `its address ${normalized.fault}.` };
  const url = new URL(normalized.baseUrl);
  const isPrivate = isPrivateHost(url.hostname);
  const written = new URL(text.trim()).pathname;
  const protocol = findWire(written);
  const known = findKnownServer(url.hostname);
  const isBare = url.pathname === "/" && known?.isPerCustomer !== true && known?.paths.includes("") !== true;
  const isForeign = known?.foreignPaths?.test(url.pathname) === true;
  if (known !== null && protocol !== "anthropic" && (isBare || isForeign)) {
    return { url: usualBaseUrl({ ...known, host: url.hostname }), protocol, isPrivate };
  }
  if (protocol === "anthropic") {
    return {
      url: `${url.origin}${url.pathname.replace(messagesPath, "")}${url.search}`,
      protocol,
      isPrivate,
    };
  }
  return { url: normalized.baseUrl.replace(/\/$/, ""), protocol, isPrivate };
}

function findWire(path: string): ProtocolId | null {
  if (messagesPath.test(path) || /\/anthropic(?:\/v1)?\/*$/.test(path)) return "anthropic";
  return /\/responses\/*$/.test(path) ? "responses" : null;
}
