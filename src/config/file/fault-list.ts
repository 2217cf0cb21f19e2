import { escapeUnits, unseenCharacters } from "../../json/unseen-characters.ts";
import { besideMark, type Fault, formatPath, type KeyPath, keyOfPath } from "./key-path.ts";
import type { FilePlace } from "./parse-yaml.ts";

/** Shorter texts are in every line. */
const shortestSecret = 8;

/** Collects faults by their places in the file, and writes them in its order. */
export class FaultList {
  private readonly faults = new Map<string, Fault>();
  private readonly filePath: string;
  private readonly findPlace: (path: KeyPath) => FilePlace;

  constructor(filePath: string, findPlace: (path: KeyPath) => FilePlace) {
    this.filePath = filePath;
    this.findPlace = findPlace;
  }

  /** Adds a fault; the first one of a place is the plainest, and others mostly follow from it. */
  readonly add = (path: KeyPath, text: string): void => {
    const key = keyOfPath(path);
    if (!this.faults.has(key)) this.faults.set(key, { path, text });
  };

  /** The lines, `PATH:line:column key: fault`, of the faults that `isMeant` picks, without these secrets. */
  format(secrets: readonly string[], isMeant: (path: KeyPath) => boolean = () => true): string[] {
    return [...this.faults.values()]
      .filter(({ path }) => isMeant(path))
      .map(({ path, text }) => ({ path, text, place: this.findPlace(path) }))
      .sort((left, right) => left.place.line - right.place.line || left.place.column - right.place.column)
      .map(({ path, text, place }) => {
        const name = formatPath(path.filter((key) => typeof key === "number" || !key.endsWith(besideMark)));
        const line = `${name === "" ? "The file" : `${name}:`} ${text}`;
        return formatFileLine(this.filePath, place, hideSecrets(line, secrets));
      });
  }
}

/** A line about a place of a file, which terminals and editors open. */
export function formatFileLine(filePath: string, { line, column }: FilePlace, text: string): string {
  const shown = text.replace(unseenCharacters, escapeUnits);
  return `${filePath}:${line}:${column} ${shown}${/[.?]$|Example: /.test(shown) ? "" : "."}`;
}

function hideSecrets(line: string, secrets: readonly string[]): string {
  return secrets
    .filter(({ length }) => length >= shortestSecret)
    .reduce((text, secret) => text.replaceAll(secret, "…"), line);
}
