import type { EndedProgram, StartedProgram } from "./started-program.ts";

/** One way to run the program on this machine. */
export interface Way {
  /** Starts the proxy in the folder. */
  start(folder: string, settings: Readonly<Record<string, string>>): StartedProgram;
  /** What the program calls a path below the work folder. */
  mapPath(path: string): string;
  /** Null where no other command is run: an image has neither a Claude Code nor an editor. */
  readonly commands: CommandWay | null;
}

/** How the other commands are run in that way. */
export interface CommandWay {
  /** Runs one command in the folder, to its end. */
  run(
    args: readonly string[],
    folder: string,
    settings: Readonly<Record<string, string>>,
  ): Promise<EndedProgram>;
  /** Makes other programs in the folder that commands start. @returns the variables by which they are found */
  equip(folder: string): Record<string, string>;
}
