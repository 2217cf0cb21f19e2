import type { CommandRunner } from "./run-command.ts";
import type { ServicePlan } from "./service-plan.ts";

export interface ServiceState {
  readonly isRunning: boolean;
  /** Null if it does not run, or if the system does not report it. */
  readonly processId: number | null;
  /** How the last run ended, in words; null if there is nothing to report. */
  readonly lastEnd: string | null;
}

/** The way in which a system keeps a program running: one implementation for each system. */
export interface BackgroundService {
  /** The name for it on that system: `systemd user unit`. */
  readonly kind: string;
  /** Absolute path of the file that defines the service. */
  readonly definitionPath: string;
  /** Files that the system itself puts beside that file while the service is registered; absolute paths. */
  readonly links: readonly string[];
  /** The encoding of that file. */
  readonly encoding: "utf8" | "utf16le";
  /** Notes for the user after the installation; lines. */
  readonly afterInstall: readonly string[];
  /** @returns the text of the definition; it contains no key */
  buildDefinition(plan: ServicePlan): string;
  /** Makes the system load the current definition, and (re)starts the service. */
  register(run: CommandRunner): Promise<void>;
  /** Stops the service and removes it from the system; called while the definition still exists. */
  unregister(run: CommandRunner): Promise<void>;
  /** Called once the definition is removed. */
  forget(run: CommandRunner): Promise<void>;
  start(run: CommandRunner): Promise<void>;
  stop(run: CommandRunner): Promise<void>;
  restart(run: CommandRunner): Promise<void>;
  readState(run: CommandRunner): Promise<ServiceState>;
  /** Throws NoSessionError if the system keeps no services for this user. */
  requireSession(run: CommandRunner): Promise<void>;
  /** The words of a command that prints the last output of the service. */
  listLogWords(logFilePath: string, lines: number, follow: boolean): string[];
}
