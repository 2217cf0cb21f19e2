import { z } from "zod";

const mark = "Installed with:";

const installRecord = z.object({ envFile: z.string().nullable(), madeFolders: z.array(z.string()) });

/** The facts about its installation that a definition keeps in a comment. */
export type InstallRecord = Readonly<z.infer<typeof installRecord>>;

/**
 * Encodes a record as one line for a comment of a unit file or of XML: JSON without any hyphen that could end the
 * comment.
 * @param record only these members are taken from it
 */
export function encodeInstallRecord({ envFile, madeFolders }: InstallRecord): string {
  return `${mark} ${JSON.stringify({ envFile, madeFolders }).replaceAll("-", "\\u002d")}`;
}

/** @returns null if the definition has no such line, or if the line was changed */
export function decodeInstallRecord(definition: string): InstallRecord | null {
  const line = definition.split(/\r?\n/).find((text) => text.includes(mark)) ?? "";
  const [text] = /\{.*\}/.exec(line) ?? [];
  try {
    return text === undefined ? null : installRecord.parse(JSON.parse(text));
  } catch {
    // Somebody has changed the line by hand: the record is lost.
    return null;
  }
}
