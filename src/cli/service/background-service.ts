import type { CommandRunner } from "./run-command.ts";
import type { ServicePlan } from "./service-plan.ts";

export interface ServiceState {
  readonly isRunning: boolean;
  /** Null when it does not run, or the system does not tell. */
  readonly processId: number | null;
  /** How the last run ended, in words; null when there is nothing to tell. */
  readonly lastEnd: string | null;
}

/** What a system offers to keep a program running: one implementation a system. */
export interface BackgroundService {
  /** What it is called there: `systemd user unit`. */
  readonly kind: string;
  /** Absolute path of the file that defines the service. */
  readonly definitionPath: string;
  /** What the system itself puts beside that file while the service is registered; absolute paths. */
  readonly links: readonly string[];
  /** How that file is written. */
  readonly encoding: "utf8" | "utf16le";
  /** What a user may want to know once it is installed; lines. */
  readonly afterInstall: readonly string[];
  /** @returns the text of the definition; it holds no key */
  buildDefinition(plan: ServicePlan): string;
  /** Makes the system take the definition as it is now, and (re)starts the service. */
  register(run: CommandRunner): Promise<void>;
  /** Stops the service and makes the system forget it; called while the definition is still there. */
  unregister(run: CommandRunner): Promise<void>;
  /** Called once the definition is gone. */
  forget(run: CommandRunner): Promise<void>;
  start(run: CommandRunner): Promise<void>;
  stop(run: CommandRunner): Promise<void>;
  restart(run: CommandRunner): Promise<void>;
  readState(run: CommandRunner): Promise<ServiceState>;
  /** Throws NoSessionError where the system keeps no services for this user. */
  requireSession(run: CommandRunner): Promise<void>;
  /** The words of a command that prints what the service has said last. */
  listLogWords(logFilePath: string, lines: number, follow: boolean): string[];
}
