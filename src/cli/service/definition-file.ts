import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { BackgroundService } from "./background-service.ts";
import { decodeInstallRecord } from "./install-record.ts";

const byteOrderMark = "\ufeff";

/** @returns the text of the installed definition; null if there is none */
export function readDefinition({ definitionPath, encoding }: BackgroundService): string | null {
  if (!existsSync(definitionPath)) return null;
  const text = readFileSync(definitionPath, encoding);
  return text.startsWith(byteOrderMark) ? text.slice(byteOrderMark.length) : text;
}

/** Creates a folder and its missing parents, for its owner only. @returns the created ones, outermost first */
export function makeFolders(folder: string): string[] {
  if (existsSync(folder)) {
    return [];
  }
  const made = [...makeFolders(dirname(folder)), folder];
  mkdirSync(folder, { mode: 0o700 });
  return made;
}

/** Writes the definition into a folder that already exists. */
export function writeDefinition(service: BackgroundService, definition: string): void {
  const text = service.encoding === "utf16le" ? `${byteOrderMark}${definition}` : definition;
  writeFileSync(service.definitionPath, text, { encoding: service.encoding, mode: 0o600 });
}

/** Removes the definition, and the folders that were created with it unless they now contain something else. */
export function removeDefinition(service: BackgroundService): void {
  const madeFolders = decodeInstallRecord(readDefinition(service) ?? "")?.madeFolders ?? [];
  rmSync(service.definitionPath, { force: true });
  for (const link of service.links) {
    rmSync(link, { force: true });
    removeEmptyFolders([dirname(link)]);
  }
  removeEmptyFolders(madeFolders);
}

/** Removes folders, the last one first, unless they contain something. */
export function removeEmptyFolders(folders: readonly string[]): void {
  for (const folder of folders.toReversed()) {
    removeEmptyFolder(folder);
  }
}

function removeEmptyFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ENOTEMPTY" && code !== "EEXIST" && code !== "ENOENT") {
      throw error;
    }
  }
}
