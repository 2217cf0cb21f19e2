import type { UpstreamSettings } from "../../config/upstream-settings.ts";
import type { ClientHead } from "../client-head.ts";

/** Headers of a client that every upstream gets. */
const toUpstream = /^(?:anthropic-.*|x-claude-code-.*|content-type|accept|user-agent)$/;

/** Headers by which Anthropic knows its own programs: only for the upstream whose account is the client's own. */
const ofOwnAccount = /^(?:x-app|x-stainless-.*|x-claude-1p-.*)$/;

/** Headers of an answer that the client gets. */
const toClient = /^(?:request-id|anthropic-.*|retry-after.*|x-should-retry|content-type)$/;

/** How much of an account is used up: of interest to its owner alone. */
const ofAccount = /^anthropic-ratelimit-/;

export interface RequestHeaders {
  /** The client's head, of which credentials are read only from `credential`. */
  client: Pick<ClientHead, "pick">;
  settings: Pick<UpstreamSettings, "headers" | "passesClientKey">;
  /** Our key; null if there is none, or the client's own is passed on. */
  key: string | null;
  /** The client's own; null if it is not passed on. */
  credential: Headers | null;
  /** The upstream wants our key in `x-api-key`, and not as a bearer. */
  takesApiKey: boolean;
  version: string;
}

/** The headers of a request that is passed on: open lists of the client's, a credential, and those of the settings. */
export function buildPassedHeaders(given: RequestHeaders): Record<string, string> {
  const { client, settings, key, credential, takesApiKey, version } = given;
  const isWanted = settings.passesClientKey ? isForOwnAccount : isForUpstream;
  return {
    accept: "application/json",
    "anthropic-version": "2023-06-01",
    "content-type": "application/json",
    "user-agent": `claude-proxy/${version}`,
    ...client.pick(isWanted),
    // A body that is compressed would have to be unpacked here.
    "accept-encoding": "identity",
    ...Object.fromEntries(credential ?? []),
    ...keyHeader(key, takesApiKey),
    // In lower case, as all the others are.
    ...settings.headers,
  };
}

function isForUpstream(name: string): boolean {
  return toUpstream.test(name);
}

function isForOwnAccount(name: string): boolean {
  return toUpstream.test(name) || ofOwnAccount.test(name);
}

/** Other servers of Anthropic's API take what Claude Code sends for `ANTHROPIC_AUTH_TOKEN`. */
function keyHeader(key: string | null, takesApiKey: boolean): Record<string, string> {
  if (key === null || key === "") return {};
  const isToken = key.startsWith("sk-ant-oat");
  return takesApiKey && !isToken ? { "x-api-key": key } : { authorization: `Bearer ${key}` };
}

/** Of the headers of an answer, those that the client gets. */
export function pickPassedHeaders(headers: Headers, isOwnAccount: boolean): Record<string, string> {
  const picked: Record<string, string> = {};
  const all = headers.toJSON();
  for (const name in all)
    if (toClient.test(name) && (isOwnAccount || !ofAccount.test(name))) picked[name] = all[name] ?? "";
  return picked;
}
