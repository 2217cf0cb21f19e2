import type { EnvFile } from "./read-env-file.ts";

/** A line of an `.env` file from which a shell can read a key, so that no program has to print it. */
export interface KeyLine {
  readonly path: string;
  /** The text before the value, without a quote: `PROXY_API_KEY=`. */
  readonly start: string;
  /** The quote around the value, or none. */
  readonly quote: "" | '"' | "'";
  /** Whether nothing follows the value on its line, not even a carriage return. */
  readonly isWhole: boolean;
}

/**
 * Finds the line of the file that sets `name` to `value`, if a pattern of its beginning matches only that line.
 * @returns null if no line has a form that `sed` can read
 */
export function locateKeyLine(envFile: EnvFile | null, name: string, value: string): KeyLine | null {
  if (envFile === null) return null;
  const lines = envFile.text.split("\n");
  for (const start of [`${name}=`, `export ${name}=`]) {
    const [line, ...others] = lines.filter((text) => text.startsWith(start));
    if (line === undefined || others.length > 0) continue;
    const rest = line.slice(start.length);
    const quote = rest.startsWith('"') ? '"' : rest.startsWith("'") ? "'" : "";
    const set = `${quote}${value}${quote}`;
    if (rest.startsWith(set) && !/^\S/.test(rest.slice(set.length))) {
      return { path: envFile.path, start, quote, isWhole: rest === value };
    }
  }
  return null;
}
