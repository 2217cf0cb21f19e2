import { X509Certificate } from "node:crypto";
import { familyNames, findFamily, findUsualUrl } from "../../profiles/usual-urls.ts";
import { readSetting } from "../config-schema.ts";
import { describeAddressRisk } from "../describe-address-risk.ts";
import { isOwnAddress } from "../find-conflicts.ts";
import { isThisMachine } from "../is-private-host.ts";
import { readSettingsText } from "../read-settings-text.ts";
import type { UpstreamSettings } from "../upstream-settings.ts";
import { findWaitLimits } from "../usual-limits.ts";
import { readUpstreamKeys } from "./check-upstream-keys.ts";
import type { FileContext } from "./file-context.ts";
import type { UpstreamText } from "./file-schema.ts";
import type { KeyPath } from "./key-path.ts";
import { parseDuration } from "./parse-duration.ts";
import { readUpstreamUrl, type UpstreamUrl } from "./read-upstream-url.ts";
import { resolveOwnPath } from "./resolve-reference.ts";

/** No timer is longer than a day, which stands for no limit. */
const endlessSeconds = 86_400;

/** Headers that the connection itself needs. */
const ownHeaders =
  /^(?:host|content-length|content-type|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|accept-encoding)$/;

/** Members of a body that would break the request, or another part of the program decides. */
const ownMembers: ReadonlySet<string> = new Set(["model", "messages", "input", "stream"]);

/** The other keys of the file, which one blank too many puts among the upstreams. */
const fileSections: ReadonlySet<string> = new Set(["routes", "cases", "models", "clients", "server"]);

/** Builds one upstream of the file. Faults are reported; null if its address is one. */
export function buildUpstream(
  name: string,
  upstream: UpstreamText,
  context: FileContext,
): UpstreamSettings | null {
  const path: KeyPath = ["upstreams", name];
  const address = readAddress(name, upstream, path, context);
  const keys = readUpstreamKeys(upstream, path, address, context);
  const limits = readTimeouts(upstream, path, address, context);
  const headers = readHeaders(upstream, path, context);
  checkBody(upstream.body ?? {}, [...path, "body"], context);
  const httpProxy = readHttpProxy(upstream.http_proxy, [...path, "http_proxy"], context);
  const ca = readCertificates(upstream.ca_file, [...path, "ca_file"], context);
  if (address === null) return null;
  warnOfAddress(address, [...path, "url"], context, keys);
  const family = upstream.profile ?? (upstream.url === undefined ? findFamily(name) : null);
  return {
    name,
    baseUrl: address.baseUrl,
    protocol: address.protocol,
    addressProtocol: address.addressProtocol,
    profile: family === null ? "auto" : (findFamily(family) ?? "auto"),
    ...keys,
    headers,
    body: upstream.body ?? {},
    ...limits,
    concurrency: upstream.concurrency ?? null,
    httpProxy,
    ca,
    models: new Map(Object.entries(upstream.models ?? {})),
  };
}

function readAddress(
  name: string,
  upstream: UpstreamText,
  path: KeyPath,
  context: FileContext,
): UpstreamUrl | null {
  const { url, protocol = "auto", profile } = upstream;
  // Its fault is reported already.
  if (url === undefined && context.writtenAt([...path, "url"]) !== undefined) return null;
  const isPassed = protocol === "anthropic";
  const usual = findUsualUrl(name, isPassed) ?? findUsualUrl(profile ?? "", isPassed);
  const text = url ?? usual;
  if (text === null && fileSections.has(name)) {
    context.report(
      path,
      `stands inside upstreams and has no url. If the key ${name} of the file is meant, it begins in the first column`,
    );
    return null;
  }
  if (text === null) {
    context.report(
      path,
      `has no url. Only these have a usual one, by name or by profile: ${familyNames.join(", ")}`,
    );
    return null;
  }
  const address = readUpstreamUrl(text, protocol);
  if ("fault" in address) {
    context.report([...path, "url"], address.fault);
    return null;
  }
  const host = readSetting("HOST", context.settingOf("HOST"));
  const port = readSetting("PORT", context.settingOf("PORT"));
  if (isOwnAddress({ host, port }, new URL(address.baseUrl))) {
    const place: KeyPath = url === undefined ? path : [...path, "url"];
    context.report(
      place,
      `has port ${port}, on which claude-proxy itself listens: it would call itself. Choose another server.port`,
    );
  }
  return address;
}

function warnOfAddress(
  address: UpstreamUrl,
  path: KeyPath,
  context: FileContext,
  { keys, passesClientKey }: { keys: readonly string[]; passesClientKey: boolean },
): void {
  const url = new URL(address.baseUrl);
  if (url.protocol === "http:" && !isThisMachine(url.hostname)) {
    const what = keys.length === 0 && !passesClientKey ? "your code is sent" : "a key and your code are sent";
    context.warn(
      path,
      `is not encrypted: ${what} to ${url.host} in the clear. Use https:// if the server supports it`,
    );
  }
  const { protocol, addressProtocol } = address;
  if (protocol !== "auto" && addressProtocol !== null && protocol !== addressProtocol) {
    context.warn(
      path,
      `ends like an address for protocol ${addressProtocol}, but the protocol is ${protocol}, which is used`,
    );
  }
  const risk = protocol === "anthropic" ? null : describeAddressRisk(url, "");
  if (risk !== null) context.warn(path, risk.trim());
}

function readTimeouts(
  upstream: UpstreamText,
  path: KeyPath,
  address: UpstreamUrl | null,
  context: FileContext,
) {
  const read = (key: "connect" | "first_byte" | "idle"): number | undefined => {
    const text = upstream.timeouts?.[key];
    if (text === undefined || text === "") return undefined;
    const seconds = parseDuration(text);
    if (typeof seconds === "number") return seconds;
    const place = [...path, "timeouts", key];
    context.report(place, `${context.show(place, `${text}`)}${seconds.fault}`);
    return undefined;
  };
  const connectSeconds = read("connect");
  const limits = findWaitLimits({
    baseUrl: address?.baseUrl ?? null,
    firstByteSeconds: read("first_byte") ?? numberOf(context.settingOf("UPSTREAM_FIRST_BYTE_SECONDS")),
    idleSeconds: read("idle") ?? numberOf(context.settingOf("UPSTREAM_IDLE_SECONDS")),
  });
  return { connectSeconds: connectSeconds === 0 ? endlessSeconds : (connectSeconds ?? null), ...limits };
}

function numberOf(text: string | undefined): number | undefined {
  return readSetting("UPSTREAM_IDLE_SECONDS", text) ?? undefined;
}

function readHeaders(upstream: UpstreamText, path: KeyPath, context: FileContext): Record<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(upstream.headers ?? {})) {
    const place = [...path, "headers", name];
    const lower = name.toLowerCase();
    if (!/^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name)) context.report(place, "is no name of a header");
    else if (ownHeaders.test(lower)) context.report(place, "is a header that claude-proxy sets itself");
    else if (headers.has(lower)) context.report(place, "is given twice, in other letters");
    else if (!/^[\x20-\x7e]*$/.test(value)) {
      context.report(place, "may contain only plain ASCII characters, and no line break");
    } else headers.set(lower, value.trim());
  }
  return Object.fromEntries(headers);
}

function checkBody(value: unknown, path: KeyPath, context: FileContext): void {
  if (typeof value === "number" && !Number.isFinite(value))
    context.report(path, "is no number that JSON has");
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkBody(item, [...path, index], context);
    return;
  }
  for (const [key, member] of Object.entries(value)) {
    const place = [...path, key];
    if (path.length === 3 && ownMembers.has(key)) context.report(place, "is what claude-proxy itself writes");
    else checkBody(member, place, context);
  }
}

function readHttpProxy(text: string | undefined, path: KeyPath, context: FileContext): string | null {
  if (text === undefined || text === "") return null;
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.hostname !== "") return url.href;
  context.report(path, "must be an address that begins with http:// or https://");
  return null;
}

function readCertificates(text: string | undefined, path: KeyPath, context: FileContext): string | null {
  if (text === undefined || text === "") return null;
  const file = resolveOwnPath(text, context.place);
  const shown = context.show(path, text);
  if (file === null) {
    context.report(path, `${shown}must be an absolute path or begin with ~/`);
    return null;
  }
  const read = readSettingsText(file);
  if ("reason" in read) {
    context.report(path, `${shown}cannot be read: ${read.reason}`);
    return null;
  }
  const blocks = read.text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length > 0 && blocks.every(isCertificate)) return read.text;
  const fault =
    blocks.length === 0 ? "contains no certificate in PEM" : "has a certificate that cannot be read";
  context.report(path, shown + fault);
  return null;
}

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    // What is wrong with it is known to nobody who reads this.
    return false;
  }
}
