import type { Argument, Command, Option } from "commander";
import { getSettingNote, listSettingWords, settingNames } from "../../config/config-schema.ts";

/** What may stand in a place of the command line: one of these words, the path of a file, or what nobody can list. */
export type Values = { readonly words: readonly string[] } | "files" | "unknown";

/** What stands for a path in the help of commands. */
const pathName = /^(?:path|file)$/;

/** The values that a flag of this command takes. */
export function listFlagValues(command: Command, option: Option): Values {
  if (option.argChoices !== undefined) return { words: option.argChoices };
  const placeholder = /[<[](.*?)[>\]]$/.exec(option.flags)?.[1] ?? "";
  if (pathName.test(placeholder)) return "files";
  return command.name() === "serve" ? listSettingValues(option) : "unknown";
}

/** The values of a flag that is a setting, by the rule of the setting. */
function listSettingValues({ long }: Option): Values {
  const name = settingNames.find((one) => getSettingNote(one).flag === long);
  if (name === undefined) return "unknown";
  if (name.endsWith("_PATH")) return "files";
  const words = listSettingWords(name);
  return words === null ? "unknown" : { words };
}

/** The values of the argument at this place of a command's arguments, from 0; null if it takes none there. */
export function listArgumentValues(command: Command, place: number): Values | null {
  const all = command.registeredArguments;
  const last = all.at(-1);
  const argument: Argument | undefined = all[place] ?? (last?.variadic === true ? last : undefined);
  if (argument === undefined) return null;
  if (argument.argChoices !== undefined) return { words: argument.argChoices };
  return pathName.test(argument.name()) ? "files" : "unknown";
}
