import type { UpstreamSettings } from "../../config/upstream-settings.ts";

/** Headers of a client that every upstream gets. */
const toUpstream = /^(?:anthropic-.*|x-claude-code-.*|content-type|accept|user-agent)$/;

/** Headers by which Anthropic knows its own programs: only for the upstream whose account is the client's own. */
const ofOwnAccount = /^(?:x-app|x-stainless-.*|x-claude-1p-.*)$/;

/** Headers of an answer that the client gets. */
const toClient = /^(?:request-id|anthropic-.*|retry-after.*|x-should-retry|content-type)$/;

/** How much of an account is used up: of interest to its owner alone. */
const ofAccount = /^anthropic-ratelimit-/;

export interface RequestHeaders {
  /** Those of the client, without credentials. */
  client: Headers;
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
export function buildPassedHeaders(given: RequestHeaders): Headers {
  const { client, settings, key, credential, takesApiKey, version } = given;
  const headers = new Headers({
    accept: "application/json",
    "anthropic-version": "2023-06-01",
    "content-type": "application/json",
    "user-agent": `claude-proxy/${version}`,
  });
  for (const [name, value] of client)
    if (toUpstream.test(name) || (settings.passesClientKey && ofOwnAccount.test(name)))
      headers.set(name, value);
  // A body that is compressed would have to be unpacked here.
  headers.set("accept-encoding", "identity");
  for (const [name, value] of credential ?? []) headers.set(name, value);
  if (key !== null && key !== "") addKey(headers, key, takesApiKey);
  for (const [name, value] of Object.entries(settings.headers)) headers.set(name, value);
  return headers;
}

/** Other servers of Anthropic's API take what Claude Code sends for `ANTHROPIC_AUTH_TOKEN`. */
function addKey(headers: Headers, key: string, takesApiKey: boolean): void {
  const isToken = key.startsWith("sk-ant-oat");
  if (takesApiKey && !isToken) headers.set("x-api-key", key);
  else headers.set("authorization", `Bearer ${key}`);
}

/** Of the headers of an answer, those that the client gets. */
export function pickPassedHeaders(headers: Headers, isOwnAccount: boolean): Record<string, string> {
  return Object.fromEntries(
    [...headers].filter(([name]) => toClient.test(name) && (isOwnAccount || !ofAccount.test(name))),
  );
}
