/** Everything that the definition of a service names. */
export interface ServicePlan {
  /** Absolute path of the program, which stays the same across upgrades. */
  readonly programPath: string;
  /** Absolute path of the `.env` with the settings, which contains the key; null if there is none. */
  readonly envFile: string | null;
  /** Absolute path of the configuration file; null if there is none. One of the two is there. */
  readonly configFile: string | null;
  /** Absolute path of the proxy's log. */
  readonly logFilePath: string;
  /** Absolute path of the folder for what the proxy learns. */
  readonly stateFolder: string;
  /** Variables that the service needs, none of them secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folders that were created for this service and are removed with it, outermost first. */
  readonly madeFolders: string[];
}

/** Seconds that a stopping service has: the proxy lets running answers finish for 30 seconds. */
export const stopSeconds = 40;

/** The arguments of the program. None is a key, because every user of the machine can read them. */
export function listServiceArguments(plan: ServicePlan): string[] {
  const { envFile, configFile } = plan;
  return [
    "serve",
    ...(envFile === null ? [] : ["--env-file", envFile]),
    ...(configFile === null ? [] : ["--config", configFile]),
  ];
}
