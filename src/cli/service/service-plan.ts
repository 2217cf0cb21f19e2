/** What a service will run: everything that its definition names. */
export interface ServicePlan {
  /** Absolute path of the program, one that stays the same when it is upgraded. */
  readonly programPath: string;
  /** Absolute path of the `.env` that holds the settings; the key is there and nowhere else. */
  readonly envFile: string;
  /** Absolute path of the proxy's log. */
  readonly logFilePath: string;
  /** Absolute path of the folder for what the proxy learns. */
  readonly stateFolder: string;
  /** Variables the service needs, none of them secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folders that were made for this service and go with it, outermost first. */
  readonly madeFolders: string[];
}

/** Seconds a stopping service has: the proxy lets running answers finish for 30 seconds. */
export const stopSeconds = 40;

/** The arguments of the program. No key is among them: every user of the machine can read them. */
export function listServiceArguments(plan: ServicePlan): string[] {
  return ["serve", "--env-file", plan.envFile];
}
