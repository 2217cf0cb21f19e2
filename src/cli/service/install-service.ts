import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Place } from "../../config/locate-folders.ts";
import { CommandError } from "../command-error.ts";
import type { BackgroundService } from "./background-service.ts";
import {
  makeFolders,
  readDefinition,
  removeDefinition,
  removeEmptyFolders,
  writeDefinition,
} from "./definition-file.ts";
import { decodeInstallRecord, type InstallRecord } from "./install-record.ts";
import { NoSessionError } from "./no-session-error.ts";
import {
  listWritableFolders,
  loadServiceSettings,
  planService,
  type ServiceSettings,
} from "./plan-service.ts";
import type { CommandRunner } from "./run-command.ts";

/** A service to install or to uninstall, and the means to do it. */
export interface ServiceTask {
  readonly service: BackgroundService;
  readonly place: Place;
  readonly run: CommandRunner;
  /** Absolute path of the running program. */
  readonly executablePath: string;
}

/** The definition that an installation would write. */
export function buildNewDefinition(task: ServiceTask, settings: ServiceSettings): string {
  return task.service.buildDefinition(planService(task.place, task.executablePath, settings, []));
}

function readInstallRecord(service: BackgroundService): InstallRecord | null {
  return decodeInstallRecord(readDefinition(service) ?? "");
}

/**
 * Installs the service and starts it; an installed one gets the present program and settings.
 * @throws CommandError if the system refuses; then everything is as it was before
 */
export async function installService(task: ServiceTask, settings: ServiceSettings): Promise<void> {
  const { service, run } = task;
  // This comes before anything is written: it stops, for example, on a machine without systemd.
  await service.readState(run);
  const before = readDefinition(service);
  const oldFolders = (readInstallRecord(service)?.madeFolders ?? []).filter((folder) => existsSync(folder));
  const newFolders = [
    ...makeFolders(dirname(service.definitionPath)),
    ...listWritableFolders(settings).flatMap(makeFolders),
  ];
  const plan = planService(task.place, task.executablePath, settings, [...oldFolders, ...newFolders]);
  writeDefinition(service, service.buildDefinition(plan));
  try {
    await service.register(run);
  } catch (error) {
    await undoInstall(task, before, newFolders);
    const reason = error instanceof Error ? error.message : String(error);
    const state = before === null ? "nothing of it remains" : "the previous one has been restored";
    throw new CommandError(
      `${reason}\nThe service is not installed, and ${state}. To see whether the proxy itself starts: claude-proxy serve`,
      1,
      { cause: error },
    );
  }
}

/**
 * Reverts what an installation has done so far. Failures here are ignored: they would only hide why the installation
 * failed.
 */
async function undoInstall(
  { service, run }: ServiceTask,
  before: string | null,
  newFolders: readonly string[],
): Promise<void> {
  if (before === null) {
    await service.unregister(run).catch(() => {});
    removeDefinition(service);
    await service.forget(run).catch(() => {});
    return;
  }
  writeDefinition(service, before);
  removeEmptyFolders(newFolders);
  await service.register(run).catch(() => {});
}

/** `unasked`: all files are removed, but the system could not be informed. */
export type Uninstalled = "none" | "removed" | "unasked";

/**
 * Stops the service and removes everything that its installation created; the settings, the log and what was learned
 * stay.
 * @throws CommandError if the system refuses; the files are removed even so
 */
export async function uninstallService({ service, run }: ServiceTask): Promise<Uninstalled> {
  if (readDefinition(service) === null) {
    return "none";
  }
  try {
    await service.unregister(run);
  } catch (error) {
    // There is no service manager with which it could be registered.
    if (error instanceof NoSessionError) return "unasked";
    throw error;
  } finally {
    removeDefinition(service);
  }
  await service.forget(run);
  return "removed";
}

/**
 * Loads the settings with which the installed service runs.
 * @throws CommandError with the remedy if it is not installed, or if the settings do not allow a start
 */
export async function loadInstalledSettings(task: ServiceTask): Promise<ServiceSettings> {
  const { service, place, executablePath } = task;
  requireInstalled(service);
  const { envFile, configFile } = readInstallRecord(service) ?? {};
  return loadServiceSettings(place, executablePath, {
    ...(envFile === undefined ? {} : { envFile }),
    ...(configFile === undefined ? {} : { configFile }),
  });
}

/** @throws CommandError with the remedy if the service is not installed */
export function requireInstalled(service: BackgroundService): void {
  if (readDefinition(service) === null) {
    throw new CommandError("The service is not installed. Run: claude-proxy service install", 1);
  }
}
