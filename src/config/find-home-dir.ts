import { ConfigError } from "./config-error.ts";

/** The user's home folder. Throws ConfigError if there is none: the user has no entry and no `HOME`. */
export function findHomeDir(): string {
  const named = process.platform === "win32" ? undefined : process.env["HOME"];
  // Which is what `node:os` says too, and loading that takes a twentieth of the status line's time.
  if (named !== undefined && named !== "") return named;
  try {
    return process.getBuiltinModule("node:os").homedir();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(
      [`HOME is not set, and this user has no home folder (${reason}).`],
      "Settings and the log are stored there. Example: HOME=/var/lib/claude-proxy claude-proxy serve",
    );
  }
}
