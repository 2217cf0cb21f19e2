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

/** What there is to do, and with what. */
export interface ServiceTask {
  readonly service: BackgroundService;
  readonly place: Place;
  readonly run: CommandRunner;
  /** Absolute path of the running program. */
  readonly executablePath: string;
}

/** The definition that installing would write. */
export function buildNewDefinition(task: ServiceTask, settings: ServiceSettings): string {
  return task.service.buildDefinition(planService(task.place, task.executablePath, settings, []));
}

function readInstallRecord(service: BackgroundService): InstallRecord | null {
  return decodeInstallRecord(readDefinition(service) ?? "");
}

/**
 * Installs the service and starts it; one that is there already gets the present program and settings.
 * @throws CommandError when the system refuses; then everything is as it was before
 */
export async function installService(task: ServiceTask, settings: ServiceSettings): Promise<void> {
  const { service, run } = task;
  // Before anything is written: this is where a machine without systemd, say, stops.
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

/** Takes back what an installation has done so far. What fails here would only hide why that has failed. */
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

/** `unasked`: all of it is removed, but the system could not be told. */
export type Uninstalled = "none" | "removed" | "unasked";

/**
 * Stops the service and removes all that installing it made; the settings, the log and what was learned stay.
 * @throws CommandError when the system refuses; the files are removed even so
 */
export async function uninstallService({ service, run }: ServiceTask): Promise<Uninstalled> {
  if (readDefinition(service) === null) {
    return "none";
  }
  try {
    await service.unregister(run);
  } catch (error) {
    // Nobody is there to whom it is registered.
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
 * @throws CommandError when it is not installed, with the way to do it, or when they do not allow a start
 */
export function loadInstalledSettings({ service, place, executablePath }: ServiceTask): ServiceSettings {
  requireInstalled(service);
  return loadServiceSettings(place, executablePath, readInstallRecord(service)?.envFile);
}

/** @throws CommandError when the service is not installed, with the way to do it */
export function requireInstalled(service: BackgroundService): void {
  if (readDefinition(service) === null) {
    throw new CommandError("The service is not installed. Run: claude-proxy service install", 1);
  }
}
