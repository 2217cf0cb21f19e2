import { findMissingNoProxy } from "../config/find-missing-no-proxy.ts";
import type { Environment } from "../config/locate-folders.ts";
import { listAutoMode } from "./auto-mode.ts";
import type { LaunchProxy, LaunchTier, LaunchVariable } from "./launch-subject.ts";
import { headersVariable, type OwnHeaders } from "./own-header.ts";
import type { LaunchLimits } from "./select-limits.ts";

/** From the smallest model to the largest: the check of an action need not be made by a large one. */
const smallestFirst: readonly LaunchTier[] = ["haiku", "sonnet", "opus", "fable"];

/** Variables with which the client would ask somebody else, or with another key than the proxy's. */
const misleading = [
  "ANTHROPIC_API_KEY",
  "CLAUDE_CODE_USE_BEDROCK",
  "CLAUDE_CODE_USE_VERTEX",
  "CLAUDE_CODE_USE_FOUNDRY",
  "CLAUDE_CODE_USE_GATEWAY",
];

/** The login of the client is among them. */
const misleadingToAll = misleading.filter((name) => name !== "ANTHROPIC_API_KEY");

/**
 * Builds the variables under which Claude Code uses the proxy. What the user has set for limits and auto mode stays as it
 * is.
 * @param limits what it is told of windows
 * @param headers with the proxy's key, where the usual header has the client's login
 * @param env the environment that the client would have
 */
export function buildVariables(
  proxy: LaunchProxy,
  { limits, headers, env }: { limits: LaunchLimits; headers: OwnHeaders | null; env: Environment },
): LaunchVariable[] {
  const { url, passesLogin } = proxy;
  const own: [string, string][] = [
    ["ANTHROPIC_BASE_URL", url],
    // No settings file can then replace the address. Without a token of ours it would also hide the client's login.
    ...(passesLogin ? [] : [["CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST", "1"] satisfies [string, string]]),
    ["CLAUDE_CODE_GATEWAY_HINT_HEADERS", "1"],
    ...listNoProxy(new URL(url).hostname, env),
  ];
  const usual: [string, string][] = [
    ...(passesLogin ? [] : listAutoMode(findCheckModel(proxy))),
    ...listNumber("CLAUDE_CODE_MAX_CONTEXT_TOKENS", limits.contextTokens),
    ...listNumber("CLAUDE_CODE_MAX_OUTPUT_TOKENS", limits.outputTokens),
  ];
  const removed = (passesLogin ? misleadingToAll : misleading).filter((name) => isSet(env, name));
  return [
    ...own.map(([name, value]) => ({ name, value, isSecret: false })),
    ...listCredential(proxy, headers),
    ...usual.filter(([name]) => !isSet(env, name)).map(([name, value]) => ({ name, value, isSecret: false })),
    ...removed.map((name) => ({ name, value: null, isSecret: false })),
  ];
}

function isSet(env: Environment, name: string): boolean {
  return (new Map(Object.entries(env)).get(name) ?? "").trim() !== "";
}

function listNumber(name: string, tokens: number | null): [string, string][] {
  return tokens === null ? [] : [[name, String(tokens)]];
}

/** The client wants some token, also where the proxy needs none. */
function listCredential(
  { clientKey, passesLogin }: LaunchProxy,
  headers: OwnHeaders | null,
): LaunchVariable[] {
  if (!passesLogin) {
    return [{ name: "ANTHROPIC_AUTH_TOKEN", value: clientKey ?? "local", isSecret: clientKey !== null }];
  }
  return headers === null ? [] : [{ name: headersVariable, value: headers.value, isSecret: true }];
}

function listNoProxy(host: string, env: Environment): [string, string][] {
  const missing = findMissingNoProxy(host, env);
  if (missing === null) return [];
  return [[missing.name, missing.isSet ? `${host},${env[missing.name] ?? ""}` : host]];
}

/** The smallest tier that leads anywhere, else a model with an id of its own. */
function findCheckModel({ models }: LaunchProxy): string | null {
  const tier = smallestFirst.find((name) => models.some((model) => model.tier === name));
  return tier ?? models[0]?.id ?? null;
}
