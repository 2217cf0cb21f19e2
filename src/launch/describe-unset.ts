import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import { formatTokens } from "../logging/format-tokens.ts";
import { mostRows } from "./build-settings.ts";
import type { ClientAbilities } from "./client-version.ts";
import type { LaunchModel, LaunchSubject } from "./launch-subject.ts";
import type { LaunchLimits } from "./select-limits.ts";

/** What the client takes for the window of an id that it does not know. */
const usualTokens = 1_000_000;
/** With them, the user has said himself how large windows are. */
const windowVariables = ["CLAUDE_CODE_MAX_CONTEXT_TOKENS", "CLAUDE_CODE_AUTO_COMPACT_WINDOW"];

/** Describes what of the models the client cannot be told, each in some words. */
export function describeUntoldModels(
  { proxy: { models }, client }: LaunchSubject,
  limits: LaunchLimits,
  { hostSettings }: ClientAbilities,
): string[] {
  const rows = models.filter(({ tier }) => tier === null).length;
  const { compactTokens, contextTokens, untold, tooSmall, unknown } = limits;
  if (!hostSettings) {
    const hasWindow = [compactTokens, new Set(untold), new Set(tooSmall)].some(({ size }) => size > 0);
    return [
      ...(rows > 0 ? ["models in /model"] : []),
      ...(hasWindow || contextTokens !== null ? ["each model's window"] : []),
    ];
  }
  const layers = [client.env, ...[client.userSettings, client.givenSettings ?? {}].map(({ env }) => env)];
  const isSaid = layers.some((env) => isJsonObject(env) && hasWindowVariable(env));
  return [
    ...(rows > mostRows ? [`${rows - mostRows} of ${rows} models in /model`] : []),
    ...(untold.length > 0 ? [`the small window of ${nameModels(untold)}, unless --model names it`] : []),
    ...(tooSmall.length > 0
      ? [`the window of ${nameModels(preferOwn(tooSmall))}: its own prompt and tools take 20k of it`]
      : []),
    ...(unknown.length > 0 && !isSaid
      ? [
          `the unknown window of ${nameModels(unknown)} (it assumes ` +
            `${formatTokens(contextTokens ?? usualTokens)}; CLAUDE_CODE_AUTO_COMPACT_WINDOW sets it)`,
        ]
      : []),
  ];
}

function hasWindowVariable(env: JsonObject): boolean {
  const variables = new Map(Object.entries(env));
  return windowVariables.some((name) => (variables.get(name) ?? "") !== "");
}

/** A tier has the window of a model that is named itself. */
function preferOwn(models: readonly LaunchModel[]): readonly LaunchModel[] {
  const own = models.filter(({ tier }) => tier === null);
  return own.length > 0 ? own : models;
}

/** Names as many as fit into a line. */
function nameModels(models: readonly LaunchModel[]): string {
  const names = models
    .slice(0, 3)
    .map(({ id, windowTokens }) => (windowTokens === null ? id : `${id} (${formatTokens(windowTokens)})`))
    .join(", ");
  return models.length > 3 ? `${names} and ${models.length - 3} more` : names;
}
