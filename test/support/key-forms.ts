import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { encodings } from "../secrets/encodings.ts";

/** Every way in which a key could be written, also without its first three characters. */
function formsOf(key: string): string[] {
  const parts = [key, key.slice(3), key.slice(0, 12), key.slice(-12)];
  return parts.flatMap((part) => encodings.map(([, encode]) => encode(part).replace(/=+$/, "")));
}

/** The forms of a key that are in a text. */
export function hasForm(text: string, key: string): string[] {
  return formsOf(key).filter((form) => text.includes(form));
}

/** All files below a folder, as one text. */
export function readFolder(folder: string): string {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path));
  return paths.flatMap((path) => (statSync(path).isFile() ? [readFileSync(path, "latin1")] : [])).join("\n");
}
