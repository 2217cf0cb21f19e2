import { existsSync } from "node:fs";
import { type Place, pathsOf } from "../../config/locate-folders.ts";
import { CommandError } from "../command-error.ts";

/** How Claude Code is started here. */
export interface InstalledClaude {
  /** The program, and what stands before its arguments. */
  readonly words: readonly string[];
  /** Whether a command file of Windows is between, which would change quotes in arguments. */
  readonly isCommandFile: boolean;
}

/**
 * Finds Claude Code in `PATH`, or where its installers put it.
 * @throws CommandError, saying how to install it, if it is not there
 */
export function findClaude(place: Place): InstalledClaude {
  const { platform, homeDir, env } = place;
  const paths = pathsOf(platform);
  const onPath = Bun.which("claude", { PATH: env["PATH"] ?? env["Path"] ?? "" });
  const name = platform === "win32" ? "claude.exe" : "claude";
  const usual = [
    paths.join(homeDir, ".local", "bin", name),
    paths.join(homeDir, ".claude", "local", platform === "win32" ? "claude.cmd" : "claude"),
  ];
  const found = onPath ?? usual.find((path) => existsSync(path));
  if (found === undefined) throw new CommandError(describeMissing(platform), 1);
  if (!/\.(?:cmd|bat)$/i.test(found)) return { words: [found], isCommandFile: false };
  // The command file of npm only starts the program that lies beside it.
  const packaged = paths.join(
    paths.dirname(found),
    "node_modules",
    "@anthropic-ai",
    "claude-code",
    "bin",
    "claude.exe",
  );
  return existsSync(packaged)
    ? { words: [packaged], isCommandFile: false }
    : { words: [found], isCommandFile: true };
}

function describeMissing(platform: NodeJS.Platform): string {
  const install =
    platform === "win32"
      ? "irm https://claude.ai/install.ps1 | iex"
      : "curl -fsSL https://claude.ai/install.sh | bash";
  return (
    "Claude Code is not installed: there is no claude in PATH.\n" +
    `Install it, then run this again: ${install}\n` +
    "Or with npm: npm install -g @anthropic-ai/claude-code"
  );
}
