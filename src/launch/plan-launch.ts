import type { Environment } from "../config/locate-folders.ts";
import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import { buildManagedSettings, buildSettings, mostRows } from "./build-settings.ts";
import { buildVariables } from "./build-variables.ts";
import { type ClientAbilities, findAbilities } from "./client-version.ts";
import { formatTokens } from "./format-facts.ts";
import { labelTiers } from "./label-tiers.ts";
import type { LaunchModel, LaunchSubject, LaunchVariable } from "./launch-subject.ts";
import { type LaunchLimits, selectLimits } from "./select-limits.ts";

/** How Claude Code is started so that it uses the proxy. */
export interface LaunchPlan {
  readonly variables: readonly LaunchVariable[];
  /** What it is given with `--settings`; null for nothing. */
  readonly settings: JsonObject | null;
  /** What it is given with `--managed-settings`; null for nothing. */
  readonly managedSettings: JsonObject | null;
  /** What could not be set, each in some words: `prices`. */
  readonly unset: readonly string[];
  /** The settings of the user that would lead this version past the proxy, so that it must not be started. */
  readonly bypass: string | null;
}

/** Plans the start of Claude Code. */
export function planLaunch(subject: LaunchSubject): LaunchPlan {
  const { proxy, client, model } = subject;
  const { version, env, userSettings, givenSettings } = client;
  const abilities = findAbilities(version);
  const limits = selectLimits(proxy.models, model);
  // Where a variable protects the address, the client does not look for it in settings.
  const isProtected = abilities.hostSettings && !proxy.passesLogin;
  const settings = abilities.settings
    ? buildSettings(subject, limits, { models: abilities.hostSettings, url: !isProtected })
    : givenSettings;
  const prices = buildManagedSettings(proxy.models);
  const takesPrices = abilities.hostSettings && !proxy.passesLogin;
  const misled = findMisleading([userSettings, givenSettings ?? {}], proxy.url);
  // A version so old sends everything to it, also what NO_PROXY names.
  const httpProxies = version === null || abilities.settings ? [] : listHttpProxies(env);
  return {
    variables: [
      ...buildVariables(proxy, limits, env),
      ...(isProtected ? labelTiers(proxy.models, env) : []),
      ...httpProxies.map((name) => ({ name, value: null, isSecret: false })),
    ],
    settings,
    managedSettings: takesPrices ? prices : null,
    unset: [
      ...listUntold(proxy.models, limits, abilities),
      ...(prices !== null && !takesPrices ? ["prices"] : []),
      ...(httpProxies.length > 0 ? ["your HTTP proxy (it would take the requests for this machine)"] : []),
      ...(misled.token && !proxy.passesLogin && !isProtected ? ["the token (your settings hold one)"] : []),
    ],
    bypass: misled.url !== null && !abilities.settings ? misled.url : null,
  };
}

function listHttpProxies(env: Environment): string[] {
  const variables = new Map(Object.entries(env));
  return ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"].filter(
    (name) => (variables.get(name) ?? "") !== "",
  );
}

function listUntold(
  models: readonly LaunchModel[],
  { compactTokens, contextTokens, untold }: LaunchLimits,
  { hostSettings }: ClientAbilities,
): string[] {
  const rows = models.filter(({ tier }) => tier === null).length;
  if (!hostSettings) {
    return [
      ...(rows > 0 ? ["models in /model"] : []),
      ...(compactTokens.size > 0 || contextTokens !== null || untold.length > 0
        ? ["each model's window"]
        : []),
    ];
  }
  return [
    ...(rows > mostRows ? [`${rows - mostRows} of ${rows} models in /model`] : []),
    ...(untold.length > 0 ? [describeUntold(untold)] : []),
  ];
}

/** Names as many as fit into a line. */
function describeUntold(untold: readonly LaunchModel[]): string {
  const names = untold
    .slice(0, 3)
    .map(({ id, windowTokens }) => `${id} (${formatTokens(windowTokens ?? 0)})`)
    .join(", ");
  const more = untold.length > 3 ? ` and ${untold.length - 3} more` : "";
  return `the small window of ${names}${more}`;
}

/** What the `env` of settings has that wins over the environment of an old client. */
function findMisleading(layers: readonly JsonObject[], url: string): { url: string | null; token: boolean } {
  const variables = layers.flatMap(({ env }) => (isJsonObject(env) ? [env] : []));
  const urls = variables.flatMap((env) => env["ANTHROPIC_BASE_URL"] ?? []);
  const other = urls.find((one) => typeof one === "string" && one !== "" && one !== url);
  return {
    url: typeof other === "string" ? other : null,
    token: variables.some((env) =>
      ["ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_API_KEY"].some((name) => Object.hasOwn(env, name)),
    ),
  };
}
