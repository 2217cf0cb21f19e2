import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ConfigError } from "../../../src/config/config-error.ts";
import type { LoadConfigOptions, LoadedConfig } from "../../../src/config/load-config.ts";
import { loadConfigWithFile } from "../../../src/config/load-config-with-file.ts";

/** A home folder of its own with a configuration file in its usual place. */
export interface ConfigFolder extends Disposable {
  readonly homeDir: string;
  /** Where `config.yaml` usually is. */
  readonly path: string;
  /** Writes a file below the home folder and gives its path. */
  write(name: string, text: string | Uint8Array, mode?: number): string;
  load(options?: LoadConfigOptions): Promise<LoadedConfig>;
  /** The lines about faults, without the file's path; none if it loads. */
  problems(options?: LoadConfigOptions): Promise<string[]>;
}

/** Creates the folder; with a text, its `config.yaml` says that. */
export function createConfigFolder(text?: string): ConfigFolder {
  const homeDir = mkdtempSync(join(tmpdir(), "config-file-"));
  const path = join(homeDir, ".config", "claude-proxy", "config.yaml");
  const load = (options: LoadConfigOptions = {}) =>
    loadConfigWithFile({
      platform: "linux",
      homeDir,
      executablePath: join(homeDir, "bin/x"),
      env: {},
      ...options,
    });
  const folder: ConfigFolder = {
    homeDir,
    path,
    write(name, content, mode = 0o600) {
      const file = join(homeDir, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      chmodSync(file, mode);
      return file;
    },
    load,
    async problems(options) {
      try {
        await load(options);
        return [];
      } catch (error) {
        if (error instanceof ConfigError)
          return error.problems.map((line) => line.replaceAll(`${path}:`, ""));
        throw error;
      }
    },
    [Symbol.dispose]: () => rmSync(homeDir, { recursive: true, force: true }),
  };
  if (text !== undefined) folder.write(".config/claude-proxy/config.yaml", text);
  return folder;
}
