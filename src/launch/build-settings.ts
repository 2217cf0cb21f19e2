import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import { describeFacts } from "./format-facts.ts";
import type { LaunchModel, LaunchSubject } from "./launch-subject.ts";
import type { LaunchLimits } from "./select-limits.ts";
import { tierIds } from "./tier-ids.ts";

/** More rows than anybody looks through; they also have to fit into an argument. */
export const mostRows = 100;

/** What of the settings is wanted. */
export interface WantedSettings {
  /** Rows for `/model`, and windows. */
  readonly models: boolean;
  /** Variables that would not hold if they were only in the environment. */
  readonly env: JsonObject;
}

/**
 * Builds what the client is given with `--settings`, of which it takes one only: the user's own argument, with our rows
 * behind his, and our windows where he has set none.
 * @returns null if there is nothing to give
 */
export function buildSettings(
  { proxy, client }: LaunchSubject,
  { compactTokens }: LaunchLimits,
  wanted: WantedSettings,
): JsonObject | null {
  const { userSettings, givenSettings } = client;
  const given = givenSettings ?? {};
  const own = listPicked(proxy.models);
  const picker = wanted.models && own.length > 0;
  const windows = wanted.models && compactTokens.size > 0;
  const settings: JsonObject = {
    ...given,
    ...(picker ? { modelPicker: mergePicker(given["modelPicker"] ?? userSettings["modelPicker"], own) } : {}),
    ...(windows ? { modelSettings: mergeModelSettings(compactTokens, [userSettings, given]) } : {}),
    ...(Object.keys(wanted.env).length > 0 ? { env: { ...objectIn(given, "env"), ...wanted.env } } : {}),
  };
  return givenSettings === null && Object.keys(settings).length === 0 ? null : settings;
}

/** The models that need a row of their own: the tiers have those of the client. */
function listPicked(models: readonly LaunchModel[]): LaunchModel[] {
  return models.filter(({ tier }) => tier === null).slice(0, mostRows);
}

/** The client takes our rows in the place of the user's, which therefore stand before them. */
function mergePicker(before: unknown, models: readonly LaunchModel[]): JsonObject {
  const picker = isJsonObject(before) ? before : {};
  const options: unknown[] = Array.isArray(picker["options"]) ? picker["options"] : [];
  const listed = new Set(options.map((option) => (isJsonObject(option) ? option["model"] : null)));
  const rows = models
    .filter(({ id }) => !listed.has(id))
    .map((model) => ({
      model: model.id,
      label: model.name,
      description: model.id === model.name ? describeFacts(model) : `${model.id} · ${describeFacts(model)}`,
    }));
  return { ...picker, options: [...options, ...rows] };
}

function mergeModelSettings(
  compactTokens: LaunchLimits["compactTokens"],
  layers: readonly JsonObject[],
): JsonObject {
  const merged = new Map<string, unknown>(
    Array.from(compactTokens, ([id, autoCompactWindow]) => [id, { autoCompactWindow }]),
  );
  for (const layer of layers) {
    for (const [id, settings] of Object.entries(objectIn(layer, "modelSettings"))) {
      const before = merged.get(id);
      merged.set(id, isJsonObject(before) && isJsonObject(settings) ? { ...before, ...settings } : settings);
    }
  }
  return Object.fromEntries(merged);
}

function objectIn(settings: JsonObject, name: "env" | "modelSettings"): JsonObject {
  const value = settings[name];
  return isJsonObject(value) ? value : {};
}

/** The client refuses higher prices. Dollars for a million tokens. */
const mostUsd = 10_000;

/**
 * Builds what the client is given with `--managed-settings`: the prices of the models, by which it counts what a session
 * costs. A price of the cache that nobody knows is that of the input.
 * @returns null if no price is known
 */
export function buildManagedSettings(models: readonly LaunchModel[]): JsonObject | null {
  const overrides = new Map<string, unknown>();
  for (const { id, tier, price } of models) {
    if (price === null || overrides.size >= mostRows) continue;
    const { input, output, cacheRead, cacheWrite } = price;
    if (Math.max(input, output, cacheRead ?? 0, cacheWrite ?? 0) > mostUsd) continue;
    const whole = { input, output, cacheRead: cacheRead ?? input, cacheWrite: cacheWrite ?? input };
    overrides.set(id, whole);
    if (tier !== null) overrides.set(tierIds[tier], whole);
  }
  if (overrides.size === 0) return null;
  return { modelPricing: { overrides: Object.fromEntries(overrides) } };
}
