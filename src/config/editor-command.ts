import type { Environment, Place } from "./locate-folders.ts";

/** The words of the command that opens a file in the user's editor, by what the environment says; see `buildEditorCommand`. */
export interface EditorCommand {
  readonly words: readonly string[];
  /** The editor as it was named, for messages. */
  readonly name: string;
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== "";
}

/** The editor that `VISUAL` or `EDITOR` names; else the one that every system of that kind has. */
function findEditor(env: Environment, platform: NodeJS.Platform): string {
  const named = [env["VISUAL"], env["EDITOR"]].find(isSet);
  return named?.trim() ?? (platform === "win32" ? "notepad" : "vi");
}

/**
 * Builds the command that opens a file in the user's editor, as git does: the shell reads what the variable says, because
 * people write flags and quotes into it (`code --wait`).
 * @param path of the file; it is handed over as an argument and read by no shell, except on Windows
 */
export function buildEditorCommand(
  path: string,
  { env, platform }: Pick<Place, "env" | "platform">,
): EditorCommand {
  const name = findEditor(env, platform);
  if (platform === "win32") return { name, words: ["cmd", "/d", "/s", "/c", `"${name} "${path}""`] };
  return { name, words: ["/bin/sh", "-c", `${name} "$1"`, "sh", path] };
}
