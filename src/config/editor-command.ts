import type { Environment, Place } from "./locate-folders.ts";

/** The words of the command that opens a file in the user's editor, by what the environment says; see `buildEditorCommand`. */
export interface EditorCommand {
  readonly words: readonly string[];
  /** The editor as it was named, for messages. */
  readonly name: string;
  /** No variable names it, and it works in a terminal only. */
  readonly needsTerminal: boolean;
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== "";
}

/** The editor that `VISUAL` or `EDITOR` names; else the one that every system of that kind has. */
function findEditor(env: Environment, platform: NodeJS.Platform): Omit<EditorCommand, "words"> {
  const named = [env["VISUAL"], env["EDITOR"]].find(isSet);
  if (named !== undefined) return { name: named.trim(), needsTerminal: false };
  return platform === "win32"
    ? { name: "notepad", needsTerminal: false }
    : { name: "vi", needsTerminal: true };
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
  const editor = findEditor(env, platform);
  const { name } = editor;
  if (platform === "win32") return { ...editor, words: ["cmd", "/d", "/s", "/c", `"${name} "${path}""`] };
  return { ...editor, words: ["/bin/sh", "-c", `${name} "$1"`, "sh", path] };
}
