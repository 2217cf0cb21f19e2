import type { Config } from "../config/config.ts";
import type { FileConfig, ModelSettings, Target } from "../config/file-config.ts";
import { listUpstreams, onlyUpstream } from "../config/list-upstreams.ts";
import type { UpstreamSettings } from "../config/upstream-settings.ts";

/** A model to try, with its upstream. */
export interface ConformanceTarget extends Target {
  readonly settings: UpstreamSettings;
}

/** The models of the configuration, each once, in its order; a star names none. */
export function listTargets(config: Config): ConformanceTarget[] {
  const { file, bigModelName, mediumModelName, smallModelName } = config;
  const named: readonly Target[] =
    file === null
      ? [bigModelName, mediumModelName, smallModelName].map((model) => ({ upstream: onlyUpstream, model }))
      : [...file.routes, ...file.cases].flatMap(({ targets }) => targets);
  const found = new Map<string, ConformanceTarget>();
  for (const { upstream, model } of named) {
    const target = model.includes("*") ? null : findTarget(config, { upstream, model });
    if (target !== null && !found.has(nameTarget(target))) found.set(nameTarget(target), target);
  }
  return [...found.values()];
}

/** The target that a user names; null if there is no such upstream. Without a configuration file any id is a model. */
export function parseTarget(config: Config, text: string): ConformanceTarget | null {
  if (config.file === null) {
    const own = `${onlyUpstream}/`;
    const model = text.startsWith(own) ? text.slice(own.length) : text;
    return findTarget(config, { upstream: onlyUpstream, model });
  }
  const slash = text.indexOf("/");
  return findTarget(config, { upstream: text.slice(0, slash), model: text.slice(slash + 1) });
}

/** `upstream/model`; without a configuration file the model alone. */
export function nameTarget({ upstream, model, settings }: ConformanceTarget): string {
  return settings.name === onlyUpstream ? model : `${upstream}/${model}`;
}

function findTarget(config: Config, { upstream, model }: Target): ConformanceTarget | null {
  const settings = listUpstreams(config).find(({ name }) => name === upstream);
  if (settings === undefined || model === "") return null;
  return { upstream, model: settings.models.get(model) ?? model, settings };
}

/**
 * The configuration in which every request goes to this target and to no other, and nothing is read of what was learned
 * before or written for later.
 * @param facts what is known of the target's model
 * @param folder for what the run learns
 */
export function configOfTarget(
  config: Config,
  { upstream, model }: ConformanceTarget,
  { facts, folder }: { facts: ModelSettings; folder: string },
): Config {
  const places = { stateFolder: folder, formerStateFolders: [], record: "off" as const };
  const { file } = config;
  if (file === null)
    return { ...config, ...places, bigModelName: model, mediumModelName: model, smallModelName: model };
  const only: FileConfig = {
    ...file,
    cases: [],
    routes: [{ asked: "default", targets: [{ upstream, model }], line: 1 }],
    models: new Map([...file.models, [`${upstream}/${model}`, facts]]),
  };
  return { ...config, ...places, file: only };
}
