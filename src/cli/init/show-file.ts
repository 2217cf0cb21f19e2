import { diffLines } from "diff";

/**
 * The text of a file as it would be written, with its secrets hidden; in one that exists, lines that are new begin with
 * `+` and lines that go with `-`.
 */
export function showFile(before: string | null, after: string, secrets: readonly string[]): string {
  const hide = (text: string) =>
    secrets
      .toSorted((one, other) => other.length - one.length)
      .reduce((hidden, secret) => (secret === "" ? hidden : hidden.replaceAll(secret, "********")), text);
  if (before === null || before === "") return hide(after).trimEnd();
  return diffLines(before, after)
    .flatMap(({ value, added, removed }) => {
      const mark = added ? "+ " : removed ? "- " : "  ";
      return value
        .replace(/\n$/, "")
        .split("\n")
        .map((line) => mark + line);
    })
    .map(hide)
    .join("\n");
}
