import type { Place } from "../../config/locate-folders.ts";
import { CommandError } from "../command-error.ts";
import type { BackgroundService } from "./background-service.ts";
import { createLaunchdService } from "./launchd-service.ts";
import { createScheduledTaskService } from "./scheduled-task-service.ts";
import { createSystemdService } from "./systemd-service.ts";

/**
 * Selects the service manager of this system.
 * @param userId the number of the user; only macOS needs it
 * @throws CommandError for a system without one that we know
 */
export function selectService(place: Place, userId: number): BackgroundService {
  switch (place.platform) {
    case "linux":
      return createSystemdService(place);
    case "darwin":
      return createLaunchdService(place, userId);
    case "win32":
      return createScheduledTaskService(place);
    default:
      throw new CommandError(`There is no service for ${place.platform}. Run: claude-proxy serve`, 1);
  }
}
