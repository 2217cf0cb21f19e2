import type { Environment } from "../config/locate-folders.ts";
import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import { buildManagedSettings, buildSettings } from "./build-settings.ts";
import { buildVariables } from "./build-variables.ts";
import { findAbilities } from "./client-version.ts";
import { describeUntoldModels } from "./describe-unset.ts";
import { labelTiers } from "./label-tiers.ts";
import type { LaunchSubject, LaunchVariable } from "./launch-subject.ts";
import { addOwnHeader, headersVariable } from "./own-header.ts";
import { selectLimits } from "./select-limits.ts";

/** How Claude Code is started so that it uses the proxy. */
export interface LaunchPlan {
  readonly variables: readonly LaunchVariable[];
  /** What it is given with `--settings`; null for nothing. */
  readonly settings: JsonObject | null;
  /** They hold a key, which no list of processes may show. */
  readonly isPrivate: boolean;
  /** What it is given with `--managed-settings`; null for nothing. */
  readonly managedSettings: JsonObject | null;
  /** What could not be set, each in some words: `prices`. */
  readonly unset: readonly string[];
  /** The settings of the user that would lead this version past the proxy, so that it must not be started. */
  readonly bypass: string | null;
}

/** Plans the start of Claude Code. */
export function planLaunch(subject: LaunchSubject): LaunchPlan {
  const { proxy, client } = subject;
  const { version, env, userSettings, givenSettings } = client;
  const abilities = findAbilities(version);
  // Where a variable protects the address, the client does not look for it in settings.
  const isProtected = abilities.hostSettings && !proxy.passesLogin;
  const limits = selectLimits(proxy.models, findFirstModel(subject), isProtected);
  const layers = [userSettings, givenSettings ?? {}];
  const headers =
    proxy.passesLogin && proxy.clientKey !== null ? addOwnHeader(proxy.clientKey, env, layers) : null;
  // Settings of the folder, which are not read here, would win over a variable and leave the proxy's key out.
  const isPrivate = abilities.settings && headers !== null;
  const settings = abilities.settings
    ? buildSettings(subject, limits, {
        models: abilities.hostSettings,
        env: {
          ...(isProtected ? {} : { ANTHROPIC_BASE_URL: proxy.url }),
          ...(isPrivate ? { [headersVariable]: headers.value } : {}),
        },
      })
    : givenSettings;
  const prices = buildManagedSettings(proxy.models);
  const takesPrices = abilities.hostSettings && !proxy.passesLogin;
  const misled = findMisleading(layers, proxy.url);
  // A version so old sends everything to it, also what NO_PROXY names.
  const httpProxies = version === null || abilities.settings ? [] : listHttpProxies(env);
  return {
    variables: [
      ...buildVariables(proxy, { limits, headers, env }),
      ...(isProtected ? labelTiers(proxy.models, limits.ownTiers, env) : []),
      ...httpProxies.map((name) => ({ name, value: null, isSecret: false })),
    ],
    settings,
    isPrivate,
    managedSettings: takesPrices ? prices : null,
    unset: [
      ...describeUntoldModels(subject, limits, abilities),
      ...(prices !== null && !takesPrices ? ["prices"] : []),
      ...(httpProxies.length > 0 ? ["your HTTP proxy (it would take the requests for this machine)"] : []),
      ...(headers?.isInSettings === true && !isPrivate
        ? ["the proxy's key (your settings hold headers of their own)"]
        : []),
      ...(misled.token && !proxy.passesLogin && !isProtected ? ["the token (your settings hold one)"] : []),
    ],
    bypass: misled.url !== null && !abilities.settings ? misled.url : null,
  };
}

/** The id or the tier with which the session begins, as the client finds it; null if nobody has named one. */
function findFirstModel({ client, model }: LaunchSubject): string | null {
  const { env, userSettings, givenSettings } = client;
  const named = [model, env["ANTHROPIC_MODEL"], givenSettings?.["model"], userSettings["model"]];
  const first = named.find((one) => typeof one === "string" && one !== "");
  return typeof first === "string" ? first.replace(/\[1m\]$/i, "") : null;
}

function listHttpProxies(env: Environment): string[] {
  const variables = new Map(Object.entries(env));
  return ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"].filter(
    (name) => (variables.get(name) ?? "") !== "",
  );
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
