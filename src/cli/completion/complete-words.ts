import type { Command, Option } from "commander";
import { listArgumentValues, listFlagValues, type Values } from "./list-values.ts";

/** A word that may stand where the user is. */
export interface Completion {
  readonly word: string;
  /** What it means; empty for a value. */
  readonly description: string;
}

/** What may stand where the user is; or the path of a file. */
export type Completions = readonly Completion[] | "files";

/** Where the words before the user's lead. */
interface Reached {
  readonly command: Command;
  /** A flag that has not got its value. */
  readonly flag: Option | null;
  /** How many arguments the command has got. */
  readonly argumentCount: number;
  /** After `--` nothing is a flag. */
  readonly isPastFlags: boolean;
  /** After `help` there are names of commands, and nothing else. */
  readonly isHelp: boolean;
}

function findFlag(command: Command, word: string): Option | null {
  return command.options.find(({ long, short }) => word === long || word === short) ?? null;
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

/** Follows one word that is complete. */
function follow(reached: Reached, word: string): Reached {
  const { command, flag, argumentCount, isPastFlags, isHelp } = reached;
  const isFlag = !isPastFlags && word.startsWith("-") && word !== "-";
  if (flag !== null && (flag.required || !isFlag)) return { ...reached, flag: null };
  if (!isPastFlags && word === "--") return { ...reached, flag: null, isPastFlags: true };
  if (isFlag) {
    const found = findFlag(command, word);
    return { ...reached, flag: found !== null && takesValue(found) ? found : null };
  }
  const inner = argumentCount === 0 ? command.commands.find((one) => one.name() === word) : undefined;
  if (inner !== undefined) return { command: inner, flag: null, argumentCount: 0, isPastFlags, isHelp };
  if (word === "help" && command.commands.length > 0) return { ...reached, isHelp: true };
  return { ...reached, argumentCount: argumentCount + 1 };
}

/** The commands below this one that help shows. */
function listCommands(command: Command): Completion[] {
  const shown = command.createHelp().visibleCommands(command);
  return shown.map((inner) => ({ word: inner.name(), description: inner.description() }));
}

/** The flags that help shows, by their long names. */
function listFlags(command: Command): Completion[] {
  const shown = command.createHelp().visibleOptions(command);
  return shown.map(({ long, short, description }) => ({ word: long ?? short ?? "", description }));
}

function toCompletions(values: Values): Completions {
  if (values === "files") return "files";
  return values === "unknown" ? [] : values.words.map((word) => ({ word, description: "" }));
}

/** Everything that may stand there, whatever has been typed of it. */
function listAll(reached: Reached, current: string): Completions {
  const { command, flag, argumentCount, isPastFlags, isHelp } = reached;
  if (isHelp) return listCommands(command).filter(({ word }) => word !== "help");
  const isFlag = !isPastFlags && current.startsWith("-");
  if (flag !== null && (flag.required || !isFlag)) return toCompletions(listFlagValues(command, flag));
  if (isFlag) return listFlags(command);
  const commands = argumentCount === 0 && !isPastFlags ? listCommands(command) : [];
  const values = listArgumentValues(command, argumentCount);
  if (values === null) return commands.length > 0 || isPastFlags ? commands : listFlags(command);
  const completions = toCompletions(values);
  return completions === "files" ? completions : [...commands, ...completions];
}

/**
 * Says what may stand where the user is in a command line.
 * @param before the words before it, without the program's name
 * @param current what has been typed of it so far
 */
export function completeWords(program: Command, before: readonly string[], current: string): Completions {
  const start: Reached = {
    command: program,
    flag: null,
    argumentCount: 0,
    isPastFlags: false,
    isHelp: false,
  };
  const reached = before.reduce(follow, start);
  const [, name, typed = ""] = /^(--[a-z-]+)=(.*)$/s.exec(current) ?? [];
  if (name === undefined || reached.isPastFlags || reached.flag?.required === true) {
    return keepBeginning(listAll(reached, current), current);
  }
  const flag = findFlag(reached.command, name);
  if (flag === null || !takesValue(flag)) return [];
  const values = keepBeginning(toCompletions(listFlagValues(reached.command, flag)), typed);
  return values === "files"
    ? values
    : values.map(({ word, description }) => ({ word: `${name}=${word}`, description }));
}

function keepBeginning(completions: Completions, current: string): Completions {
  if (completions === "files") return completions;
  const typed = current.toLowerCase();
  return completions.filter(({ word }) => word.toLowerCase().startsWith(typed));
}
