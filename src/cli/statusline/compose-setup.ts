import { foldText } from "../../logging/fold-text.ts";

/** What has to stand in Claude Code's settings. */
export interface StatusLineSetup {
  /** Absolute path of Claude Code's settings of this user. */
  readonly file: string;
  readonly settings: {
    readonly statusLine: {
      readonly type: "command";
      readonly command: string;
      /** Seconds. */
      readonly refreshInterval: number;
    };
  };
}

/** Without a terminal the text is folded for this one. */
const usualColumns = 80;

export interface SetupOptions {
  /** Absolute path of the settings. */
  readonly file: string;
  /** The program and what goes before its command. */
  readonly program: readonly string[];
  /** Undefined for the usual one. */
  readonly format: string | undefined;
  readonly platform: NodeJS.Platform;
}

/** Composes the settings under which Claude Code shows our line. */
export function composeSetup({ file, program, format, platform }: SetupOptions): StatusLineSetup {
  const words = [...program, "statusline", ...(format === undefined ? [] : ["--format", format])];
  const quote = platform === "win32" ? quoteForWindows : quoteForShell;
  const command = words.map(quote).join(" ");
  return { file, settings: { statusLine: { type: "command", command, refreshInterval: 2 } } };
}

/**
 * Describes the settings for a person who pastes them.
 * @param columns of the terminal; null if there is none
 */
export function describeSetup({ file, settings }: StatusLineSetup, columns: number | null): string {
  const [, ...lines] = JSON.stringify(settings, null, 2).split("\n").slice(0, -1);
  const fold = (text: string) => foldText(text, columns ?? usualColumns);
  const where =
    "Paste these lines into Claude Code's settings, behind their first {, and put a comma after them if more " +
    "follows. The file is";
  const whole =
    'This command changes no file. If there is none yet, the whole of a new one is what "settings" holds here: ' +
    "claude-proxy statusline --setup --json";
  return `${fold(where)}\n${file}\n\n${lines.join("\n")}\n\n${fold(whole)}\n`;
}

/** Letters that mean nothing to a shell. */
const plain = /^[\w@%+=:,./-]+$/;

function quoteForShell(word: string): string {
  return plain.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Slashes and double quotes are understood by Git's Bash, which Claude Code uses there, and by `cmd`. */
function quoteForWindows(word: string): string {
  const slashed = word.replaceAll("\\", "/");
  return plain.test(slashed) ? slashed : `"${slashed}"`;
}
