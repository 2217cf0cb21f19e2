import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Place } from "../../config/locate-folders.ts";
import { CommandError } from "../command-error.ts";
import type { BackgroundService } from "./background-service.ts";
import { makeFolders, readDefinition, removeDefinition, writeDefinition } from "./definition-file.ts";
import { decodeInstallRecord, type InstallRecord } from "./install-record.ts";
import {
  loadServiceSettings,
  locateServiceLogFolder,
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
 * @throws CommandError when the system refuses
 */
export async function installService(task: ServiceTask, settings: ServiceSettings): Promise<void> {
  const { service, run } = task;
  // Before anything is written: this is where a machine without systemd, say, stops.
  await service.readState(run);
  const madeFolders = [
    ...(readInstallRecord(service)?.madeFolders ?? []).filter((folder) => existsSync(folder)),
    ...makeFolders(dirname(service.definitionPath)),
    ...makeFolders(locateServiceLogFolder(settings)),
  ];
  const plan = planService(task.place, task.executablePath, settings, madeFolders);
  writeDefinition(service, service.buildDefinition(plan));
  await service.register(run);
}

/**
 * Stops the service and removes all that installing it made; the settings and the log stay.
 * @returns false when there was none
 */
export async function uninstallService({ service, run }: ServiceTask): Promise<boolean> {
  if (readDefinition(service) === null) {
    return false;
  }
  try {
    await service.unregister(run);
  } finally {
    removeDefinition(service);
  }
  await service.forget(run);
  return true;
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
