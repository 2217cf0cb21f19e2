import { readSystemKeychain } from "../../config/file/resolve-reference.ts";
import type { LoadConfigOptions, LoadedConfig } from "../../config/load-config.ts";
import { loadProposed } from "../../config/load-proposed.ts";
import type { Place } from "../../config/locate-folders.ts";
import type { Takeover } from "../../takeover/takeover.ts";
import type { StoredKey } from "./choose-key.ts";
import { type PlannedTexts, planFiles } from "./plan-files.ts";

/** The files that a set-up is written into. */
export interface SetupFiles {
  readonly envPath: string;
  /** Null if there is none yet. */
  readonly envText: string | null;
  readonly configPath: string;
  readonly configText: string | null;
}

export interface LoadedSetup {
  readonly texts: PlannedTexts;
  readonly loaded: LoadedConfig;
}

/**
 * Plans the files of a set-up, and reads them as the program would.
 * @throws ConfigError if it would refuse them
 */
export async function loadSetup(
  setup: Takeover,
  { files, place, stored }: { files: SetupFiles; place: Place; stored: StoredKey | null },
): Promise<LoadedSetup> {
  const { envPath, envText, configPath, configText } = files;
  const texts = planFiles(setup, { env: envText, config: configText }, place.env);
  const proposed = (path: string, text: string | null) => (text === null ? null : { path, text });
  const options: LoadConfigOptions = {
    ...place,
    ...(stored === null ? {} : { readKeychain: readWith(stored) }),
  };
  const loaded = await loadProposed(
    {
      envFile: proposed(envPath, texts.env ?? envText),
      configFile: proposed(configPath, texts.config ?? configText),
    },
    options,
  );
  return { texts, loaded };
}

/** The key store as it will be. */
function readWith({ name, secret }: StoredKey): (wanted: string) => Promise<string | null> {
  return async (wanted) => (wanted === name ? secret : await readSystemKeychain(wanted));
}
