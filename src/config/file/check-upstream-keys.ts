import {
  findKeyOwner,
  findKnownServer,
  findKnownUpstream,
  isAnthropic,
  usualBaseUrl,
} from "../../profiles/known-upstreams.ts";
import { isPrivateHost } from "../is-private-host.ts";
import { exampleFault, keyText } from "../setting-rules.ts";
import type { FileContext } from "./file-context.ts";
import type { UpstreamText } from "./file-schema.ts";
import type { KeyPath } from "./key-path.ts";
import type { UpstreamUrl } from "./read-upstream-url.ts";

/** The keys of an upstream, and whether the caller's own credential is passed on instead. */
export interface UpstreamKeys {
  readonly keys: readonly string[];
  readonly passesClientKey: boolean;
}

/** Stands for the caller's own credential. */
const clientWord = "client";

/** Variables as shells, Windows, LiteLLM and templates write them; no key looks like one. */
const otherReference = /^(?:\$[A-Z][A-Z0-9_]*|%[A-Z][A-Z0-9_]*%|\$?env[:.]\w+|os\.environ\/\w+|\{\{.*\}\})$/;

/** What a key cannot be, in words; null for a good one. */
export function findKeyFault(key: string): string | null {
  if (otherReference.test(key)) {
    return `is written like a variable of another program. Here it is "\${NAME}", in quotes`;
  }
  const checked = keyText.check(key);
  if (!("fault" in checked)) return null;
  return checked.fault === exampleFault ? `${checked.fault}: put your own key there` : checked.fault;
}

/** Reads and checks the keys of the upstream at `path`. Faults are reported; what is returned has none of them. */
export function readUpstreamKeys(
  upstream: UpstreamText,
  path: KeyPath,
  address: UpstreamUrl | null,
  context: FileContext,
): UpstreamKeys {
  const { report } = context;
  if (upstream.key !== undefined && upstream.keys !== undefined) {
    report([...path, "keys"], "stands beside key: keep one of the two");
  }
  if (upstream.key === clientWord) {
    if (address !== null) checkClientKey(upstream, path, address, context);
    return { keys: [], passesClientKey: true };
  }
  const places: (readonly [KeyPath, string])[] =
    upstream.keys?.map((key, index) => [[...path, "keys", index], key] as const) ??
    (upstream.key === undefined ? [] : [[[...path, "key"], upstream.key]]);
  const keys: string[] = [];
  for (const [place, key] of places) {
    const fault = key === clientWord ? "cannot be client in a list: write key: client" : findKeyFault(key);
    if (fault !== null) report(place, fault);
    else if (keys.includes(key)) report(place, "is the same key as one before it");
    else {
      keys.push(key);
      if (address !== null) checkKeyOwner(key, place, new URL(address.baseUrl).hostname, context);
    }
  }
  if (places.length === 0 && address !== null) checkMissingKey(upstream, path, address, context);
  return { keys, passesClientKey: false };
}

/** The caller's own login must reach nobody but whom the file names. */
function checkClientKey(
  upstream: UpstreamText,
  path: KeyPath,
  address: UpstreamUrl,
  context: FileContext,
): void {
  const place: KeyPath = [...path, "key"];
  // Its fault is reported already.
  if (upstream.protocol === undefined && context.writtenAt([...path, "protocol"]) !== undefined) return;
  const { hostname } = new URL(address.baseUrl);
  if (address.protocol !== "anthropic") {
    context.report(
      place,
      `is client, which only works with protocol anthropic, and this upstream has ${address.protocol}. Set protocol: anthropic, or a key of your own`,
    );
  } else if (upstream.url === undefined && !isAnthropic(address.baseUrl)) {
    context.report(place, `is client, so the host must be written in the file: set url for ${hostname}`);
  } else if (upstream.url !== undefined) {
    const written = context.writtenAt([...path, "url"]);
    const [host = ""] = /^[^:]*:\/\/[^/?#]*/.exec(typeof written === "string" ? written : "") ?? [];
    if (host === "" || host.includes("$")) {
      context.report(
        place,
        "is client, so the host must be written out in url: nothing else may decide who gets the login",
      );
    }
  }
}

/** A key of another company is sent to nobody by mistake. */
function checkKeyOwner(key: string, place: KeyPath, host: string, context: FileContext): void {
  if (isPrivateHost(host)) return;
  const known = findKnownUpstream(host);
  const found = findKeyOwner(key);
  if (found !== null) {
    if (found.owner === known) return;
    const text = `${found.manner}, like keys of ${found.owner.host}`;
    // Another party's gateway may well pass on a company's key.
    if (known === null) context.warn(place, `${text}. It will be sent to ${host}`);
    else
      context.report(
        place,
        `${text}, but the upstream is ${host}. The url of that company is ${usualBaseUrl(found.owner)}`,
      );
    return;
  }
  const { host: owner, keyPrefixes = [], hasNoOtherKeys = false } = findKnownServer(host) ?? {};
  if (key.startsWith("sk-") && hasNoOtherKeys) {
    context.warn(place, `does not begin with ${keyPrefixes[0]}, as keys of ${owner} do`);
  }
}

function checkMissingKey(
  upstream: UpstreamText,
  path: KeyPath,
  address: UpstreamUrl,
  context: FileContext,
): void {
  const url = new URL(address.baseUrl);
  if (isPrivateHost(url.hostname)) return;
  // A key that is there has a fault, which is reported already.
  if (["key", "keys"].some((member) => context.writtenAt([...path, member]) !== undefined)) return;
  const isInHeader = Object.keys(upstream.headers ?? {}).some((name) => /auth|key|token/i.test(name));
  const isInQuery = [...url.searchParams.keys()].some((name) => /key|token|sig/i.test(name));
  if (isInHeader || isInQuery) return;
  const other = findKnownUpstream(url.hostname) === null ? "; if it needs none, any word will do" : "";
  context.report(path, `has no key, but ${url.hostname} needs one${other}`);
}
