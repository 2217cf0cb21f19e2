import { parseEnvFile } from "./parse-env-file.ts";

/** Values that need no quotes. */
const plain = /^[\w.:/@%+,~=-]*$/;

/**
 * Sets names in the text of an `.env` file. Lines of other names, comments and line breaks stay as they are; a name that
 * is set already keeps its line, and a new one comes at the end. Throws RangeError for a value with quotes of every kind,
 * or with a carriage return: the form has no way to write it, and the rest of it could set other names.
 */
export function editEnvText(text: string, values: ReadonlyMap<string, string>): string {
  const lineBreak = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = text.split(/\r\n|\n/);
  const now = new Map(Object.entries(parseEnvFile(text).values));
  const added: string[] = [];
  for (const [name, value] of values) {
    if (now.get(name) === value) continue;
    const at = lines.findLastIndex((line) => isAssignment(line, name));
    if (at === -1) {
      added.push(`${name}=${quote(value)}`);
      continue;
    }
    const line = lines[at] ?? "";
    const equals = line.search(/=|:\s/) + 1;
    lines.splice(
      at,
      countLines(lines, at, equals),
      `${line.slice(0, equals)}${quote(value)}${findComment(line, equals)}`,
    );
  }
  if (added.length === 0) return lines.join(lineBreak);
  // The text ends with a line break, or the last line gets one.
  if (lines.at(-1) === "") lines.pop();
  return [...lines, ...added, ""].join(lineBreak);
}

function isAssignment(line: string, name: string): boolean {
  const plainLine = line
    .replace(/^\uFEFF/, "")
    .trimStart()
    .replace(/^export\s+/, "");
  return plainLine.startsWith(name) && /^(?:\s*=|:\s)/.test(plainLine.slice(name.length));
}

/** The lines that an assignment takes: a quoted value may go on behind its first. */
function countLines(lines: readonly string[], at: number, equals: number): number {
  const value = (lines[at] ?? "").slice(equals).trimStart();
  const mark = value.charAt(0);
  if (!/["'`]/.test(mark) || value.slice(1).includes(mark)) return 1;
  const end = lines.findIndex((line, index) => index > at && line.includes(mark));
  return end === -1 ? 1 : end - at + 1;
}

/** The comment behind a value, with the blank before it. */
function findComment(line: string, equals: number): string {
  const value = line.slice(equals).trimStart();
  const mark = value.charAt(0);
  const end = /["'`]/.test(mark) ? value.indexOf(mark, 1) + 1 : 0;
  const at = value.indexOf(" #", end);
  return at === -1 ? "" : value.slice(at);
}

/** The value as dotenv reads it back. Between double quotes it would take `\\n` for a line break. */
function quote(value: string): string {
  if (plain.test(value)) return value;
  const marks = value.includes("\\") ? ["'", "`"] : ["'", '"', "`"];
  const mark = marks.find((one) => !value.includes(one));
  if (mark === undefined || value.includes("\r"))
    throw new RangeError("No quotes hold this value in an .env file.");
  return `${mark}${value}${mark}`;
}
