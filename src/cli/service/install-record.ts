import { z } from "zod";
import type { ServicePlan } from "./service-plan.ts";

const mark = "Installed with:";

const installRecord = z.strictObject({
  /** Neither file is in the record if there is none. */
  envFile: z.string().optional(),
  configFile: z.string().optional(),
  madeFolders: z.array(z.string()),
});

/** The facts about its installation that a definition keeps in a comment. */
export type InstallRecord = Readonly<z.infer<typeof installRecord>>;

/** The facts as a plan has them. */
type RecordedPlan = Pick<ServicePlan, "envFile" | "configFile" | "madeFolders">;

/**
 * Encodes a record as one line for a comment of a unit file or of XML: JSON without any hyphen that could end the
 * comment.
 */
export function encodeInstallRecord({ envFile, configFile, madeFolders }: RecordedPlan): string {
  const files = { envFile: envFile ?? undefined, configFile: configFile ?? undefined };
  return `${mark} ${JSON.stringify({ ...files, madeFolders }).replaceAll("-", "\\u002d")}`;
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
