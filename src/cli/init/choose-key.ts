import { resolve } from "node:path";
import { findKeyFault } from "../../config/file/check-upstream-keys.ts";
import { readSettingsText } from "../../config/read-settings-text.ts";
import type { TakenKey } from "../../takeover/takeover.ts";
import { CommandError } from "../command-error.ts";
import type { FoundKey } from "./find-setups.ts";
import type { InitFlags } from "./init-flags.ts";
import type { Prompts } from "./prompts.ts";
import type { UpstreamOffer } from "./upstream-offers.ts";

/** A key that goes into the system's key store when the files are written. */
export interface StoredKey {
  readonly name: string;
  readonly secret: string;
}

export interface ChosenKey {
  /** Null for none. */
  readonly key: TakenKey | null;
  readonly stored: StoredKey | null;
}

interface KeyQuestion {
  /** The name of the upstream. */
  readonly name: string;
  /** What is known of the company; undefined for another one, or another service of it. */
  readonly offer: UpstreamOffer | undefined;
  /** Where the upstream is. */
  readonly hostname: string;
  readonly isPrivate: boolean;
  readonly found: readonly FoundKey[];
  readonly homeDir: string;
  /** Whether a variable has a value, in the environment or in the `.env`. */
  isSet(variable: string): boolean;
}

/** Where the key of an upstream is, by the flags or by the person's answers. */
export async function chooseKey(
  question: KeyQuestion,
  flags: InitFlags,
  prompts: Prompts | null,
): Promise<ChosenKey> {
  const { name, offer, hostname, isPrivate } = question;
  const given = await readGivenKey(question, flags);
  if (given !== null) return given;
  const ofName = question.found.filter((key) => key.name === name);
  const found = ofName.filter(({ url }) => url === null || new URL(url).hostname === hostname);
  if (prompts === null) {
    const [first] = found;
    if (first !== undefined) return plain({ variable: first.variable });
    if (isPrivate) return { key: null, stored: null };
    const other = ofName.find(({ url }) => url !== null);
    const another = other === undefined ? "" : `\n${other.variable} has one of: --upstream ${other.url}`;
    throw new CommandError(
      `${name} needs a key. Say where it is: --key-env NAME, --key-file PATH or --key-stdin${another}`,
      2,
    );
  }
  if (isPrivate && !(await prompts.confirm("Does it want a key?", false))) return { key: null, stored: null };
  const where = await prompts.choose(`Your key for ${offer?.label ?? name}`, [
    ...found.map(({ variable }) => ({ value: variable, label: `Use ${variable} from the environment` })),
    { value: " type", label: "Type it, hidden; it is kept in a file that only you can read" },
    { value: " keychain", label: "Type it, hidden; it is kept in the system's key store" },
  ]);
  if (!where.startsWith(" ")) return plain({ variable: where });
  const page = offer === undefined ? "" : ` (from ${offer.page})`;
  const secret = await prompts.askSecret(`Key, which is not shown${page}`, describeKeyFault);
  return keepKey(name, secret, where === " keychain" ? "keychain" : "file");
}

/** What is wrong with a key that was typed; undefined for nothing. */
export function describeKeyFault(key: string): string | undefined {
  if (key === "") return "Paste or type the key; it is not shown";
  const fault = findKeyFault(key);
  return fault === null ? undefined : `The key ${fault}`;
}

async function readGivenKey(
  { name, homeDir, isSet }: KeyQuestion,
  flags: InitFlags,
): Promise<ChosenKey | null> {
  if (flags.keyEnv !== undefined) {
    if (isSet(flags.keyEnv)) return plain({ variable: flags.keyEnv });
    throw new CommandError(
      `--key-env ${flags.keyEnv}: the environment has no such variable, and neither has the .env file.`,
      2,
    );
  }
  if (flags.keyFile !== undefined) {
    const path = /^~[/\\]/.test(flags.keyFile) ? flags.keyFile : resolve(flags.keyFile);
    const read = readSettingsText(path.replace(/^~/, () => homeDir));
    if ("text" in read) return plain({ reference: `\${file:${path}}` });
    throw new CommandError(`--key-file ${flags.keyFile}: ${read.reason}.`, 2);
  }
  if (flags.keyStdin !== true) return null;
  const secret = (await Bun.stdin.text()).trim();
  const fault = describeKeyFault(secret);
  if (fault !== undefined) throw new CommandError(`Standard input has no key. ${fault}.`, 2);
  return keepKey(name, secret, flags.keepKey ?? "file");
}

const plain = (key: TakenKey): ChosenKey => ({ key, stored: null });

function keepKey(name: string, secret: string, where: "file" | "keychain"): ChosenKey {
  if (where === "file") return plain({ secret });
  return { key: { reference: `\${keychain:${name}}` }, stored: { name, secret } };
}
