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

/** Describes the settings for a person who pastes them. */
export function describeSetup({ file, settings }: StatusLineSetup): string {
  const [, ...lines] = JSON.stringify(settings, null, 2).split("\n").slice(0, -1);
  return `Paste these lines into Claude Code's settings, behind their first {, and put a
comma after them if more follows. The file is
${file}

${lines.join("\n")}

This command changes no file. If there is none yet, the whole of a new one is
what "settings" holds here: claude-proxy statusline --setup --json
`;
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
