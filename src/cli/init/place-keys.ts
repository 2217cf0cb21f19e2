import { parseDocument } from "yaml";
import { parseEnvFile } from "../../config/parse-env-file.ts";
import type { TakenKey } from "../../takeover/takeover.ts";
import type { ExistingTexts } from "./existing-texts.ts";

/** Where keys go that a set-up has written out: each into the `.env`, under a name of its own. */
export interface KeyPlaces {
  /** The names, and the keys that they stand for. */
  readonly secrets: ReadonlyMap<string, string>;
  /**
   * The reference to a key. One that is written out gets a variable that nothing else has, so that no key goes to the
   * server of another one.
   * @param name the variable that it should have
   * @param place the path of the key in `config.yaml`: the variable that is named there now gets a new value
   */
  place(key: TakenKey, name: string, place: readonly string[]): string;
  /** Whether `config.yaml` has anything at a path now. */
  has(place: readonly string[]): boolean;
  /** The text that stands at a path of `config.yaml` now; null if there is none. */
  readText(place: readonly string[]): string | null;
}

/** Creates the places of keys beside what the files and the environment have now. */
export function createKeyPlaces(
  now: ExistingTexts,
  environment: ReadonlyMap<string, string | undefined>,
): KeyPlaces {
  const secrets = new Map<string, string>();
  const inFile = new Map(Object.entries(parseEnvFile(now.env ?? "").values));
  const document = parseDocument(now.config ?? "");
  const readText = (place: readonly string[]) => {
    const text: unknown = document.getIn(place);
    return typeof text === "string" ? text : null;
  };
  const isFree = (name: string, secret: string, place: readonly string[]) => {
    if (isOther(environment.get(name), secret) || isOther(secrets.get(name), secret)) return false;
    if (!isOther(inFile.get(name), secret)) return true;
    const reference = `\${${name}}`;
    return readText(place) === reference && (now.config ?? "").split(reference).length === 2;
  };
  return {
    secrets,
    has: (place) => document.hasIn(place),
    readText,
    place(key, name, place) {
      if ("reference" in key) return key.reference;
      if ("variable" in key) return `\${${key.variable}}`;
      let free = name;
      for (let number = 2; !isFree(free, key.secret, place); number += 1) free = `${name}_${number}`;
      secrets.set(free, key.secret);
      return `\${${free}}`;
    },
  };
}

/** Whether a variable has a value that is not the wanted one. */
export function isOther(value: string | undefined, wanted: string): boolean {
  return value !== undefined && value.trim() !== "" && value !== wanted;
}
