import { readFileLayer } from "./file/read-file-layer.ts";
import {
  collectTexts,
  composeConfig,
  type LoadConfigOptions,
  type LoadedConfig,
  startLoading,
} from "./load-config.ts";
import { findFileLayer } from "./load-config-with-file.ts";
import { composeEnvFile } from "./read-env-file.ts";

/** A file as it would be written. */
export interface ProposedFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/** The files of a set-up as they would be written; null for one that stays as it is. */
export interface ProposedFiles {
  readonly envFile: ProposedFile | null;
  readonly configFile: ProposedFile | null;
}

/**
 * Reads settings as `loadConfigWithFile` does, with files that are not written yet in the places of those that are.
 * @throws ConfigError with a line for every fault found
 */
export async function loadProposed(files: ProposedFiles, options: LoadConfigOptions): Promise<LoadedConfig> {
  const found = startLoading({
    ...options,
    ...(files.envFile === null ? {} : { envFile: files.envFile.path }),
  });
  const envFile =
    files.envFile === null ? found.envFile : composeEnvFile(files.envFile.path, files.envFile.text);
  const start = { ...found, envFile };
  if (files.configFile === null) return composeConfig(start, await findFileLayer(start));
  const above = collectTexts(options, start.place.env, envFile);
  const layer = await readFileLayer(files.configFile.path, {
    ...start.place,
    envValues: envFile?.values ?? {},
    readKeychain: options.readKeychain,
    settingAbove: (name) => above[name]?.text,
    proposedText: files.configFile.text,
  });
  return composeConfig(start, layer);
}
