import type { LoadedConfig } from "../../config/load-config.ts";
import { watchFiles } from "../../config/watch-files.ts";
import { createHangUpAnswer } from "./answer-hang-up.ts";
import { createReloader, type ReloaderOptions } from "./create-reloader.ts";

/** The reload of a running proxy. */
export interface ConfigWatch {
  /** What SIGHUP does, given how to end the program; null where the signal always means a closed terminal. */
  readonly onHangUp: ((stop: () => void) => void) | null;
  close(): void;
}

/**
 * Watches the files that the configuration came from, and reads it anew when one has changed or SIGHUP asks for it.
 * @param startedAt when the configuration of the start began to be read
 */
export function watchConfig(options: ReloaderOptions, startedAt: Date): ConfigWatch {
  const reload = createReloader(options);
  const files = watchFiles(listFiles(options.started), {
    changedSince: startedAt,
    onChange: () => void reload("edit"),
  });
  return {
    onHangUp: process.platform === "win32" ? null : createHangUpAnswer(() => void reload("signal")),
    close: files.close,
  };
}

/** The configuration file, and the `.env` file that was read: the one may name what stands in the other. */
function listFiles({ configPath, envPath }: LoadedConfig): string[] {
  return [configPath, envPath].filter((path) => path !== null);
}
