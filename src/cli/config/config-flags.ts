import type { LoadConfigOptions } from "../../config/load-config.ts";

/** The flags that name files of settings, as many commands have them. */
export interface ConfigFlags {
  readonly config?: string;
  readonly envFile?: string;
}

/** The flags in the words of `config/`. */
export function readConfigFlags({ config, envFile }: ConfigFlags): LoadConfigOptions {
  return {
    ...(config === undefined ? {} : { configFile: config }),
    ...(envFile === undefined ? {} : { envFile }),
  };
}
