import { isAnthropic } from "../../profiles/known-upstreams.ts";
import type { ProtocolId } from "../../profiles/protocol-id.ts";
import { addAnthropicVersion, messagesPath, normalizeBaseUrl } from "../normalize-base-url.ts";

/** Where an upstream is, and the wire that its address asks for. */
export interface UpstreamUrl {
  readonly baseUrl: string;
  readonly protocol: ProtocolId | "auto";
  /** The wire that the address named by its path; null if it named none. */
  readonly addressProtocol: ProtocolId | null;
}

/** How servers with other wires call the address of Anthropic's. */
const anthropicPath = /\/(?:anthropic|claude-code-proxy)(?:\/v1)?\/*$/;

/**
 * Reads the address of an upstream, as manuals write it.
 * @param protocol the wire that the file names for it
 * @returns the fault in words that do not repeat the address
 */
export function readUpstreamUrl(
  text: string,
  protocol: ProtocolId | "auto",
): UpstreamUrl | { readonly fault: string } {
  const url = URL.parse(text.trim());
  const isEndpoint = url !== null && messagesPath.test(url.pathname);
  const isMeant =
    url !== null &&
    (isAnthropic(url.href) || isEndpoint || anthropicPath.test(url.pathname)) &&
    !/\/chat\/completions\/*$/.test(url.pathname);
  const wanted = protocol === "auto" && isMeant ? "anthropic" : protocol;
  const normalized = normalizeBaseUrl(text.trim());
  if ("fault" in normalized) {
    return {
      fault: normalized.fault.replace("put the key into OPENAI_API_KEY", "the key is the member key"),
    };
  }
  const named = url === null || isEndpoint ? null : nameProtocol(url.pathname);
  if (wanted !== "anthropic") {
    return {
      baseUrl: normalized.baseUrl,
      protocol: wanted,
      addressProtocol: isEndpoint ? "anthropic" : named,
    };
  }
  return {
    baseUrl: addAnthropicVersion(normalized.baseUrl),
    protocol: wanted,
    addressProtocol: isEndpoint ? "anthropic" : named,
  };
}

function nameProtocol(pathname: string): ProtocolId | null {
  if (/\/chat\/completions\/*$/.test(pathname)) return "chat";
  return /\/responses\/*$/.test(pathname) ? "responses" : null;
}
