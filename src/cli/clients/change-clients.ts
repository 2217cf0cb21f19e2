import { digestKey } from "../../config/digest-key.ts";
import { defaultClient } from "../../config/list-upstreams.ts";
import { nameFault, namePattern } from "../../config/name-pattern.ts";
import { escapeControlCharacters } from "../../logging/escape-control-characters.ts";
import { foldText } from "../../logging/fold-text.ts";
import { addClient, changeClient, removeClient } from "../../team/client-table.ts";
import { createKey } from "../../team/create-key.ts";
import { CommandError } from "../command-error.ts";
import type { ConfigFlags } from "../config/config-flags.ts";
import type { Terminal } from "../terminal.ts";
import { withClients } from "./open-clients.ts";
import { type LimitFlags, parseChanges } from "./parse-changes.ts";

export interface ChangeFlags extends LimitFlags {
  readonly newKey?: true;
}

const unlimited = { usdPerDay: null, usdPerMonth: null, requestsPerMinute: null, models: null, admin: false };

/** Adds a client and prints its key, alone on standard output. CommandError says why not. */
export async function addNewClient(name: string, flags: LimitFlags, terminal: Terminal): Promise<void> {
  checkName(name);
  const key = createKey();
  const client = { name, keyDigest: digestKey(key), ...unlimited, ...parseChanges(flags) };
  const isAdded = await withClients(flags, (query) => addClient(query, client));
  if (!isAdded) {
    throw new CommandError(
      `There is a client ${name} already.\nChange it: claude-proxy clients change ${name}. A new key: claude-proxy clients change ${name} --new-key`,
      1,
    );
  }
  tell(`${name} is a client of all instances, within two seconds.`, terminal);
  showKey(key, terminal);
}

/** Changes a client. CommandError says why not. */
export async function changeKnownClient(name: string, flags: ChangeFlags, terminal: Terminal): Promise<void> {
  const key = flags.newKey === true ? createKey() : null;
  const changes = { ...parseChanges(flags), ...(key === null ? {} : { keyDigest: digestKey(key) }) };
  if (Object.keys(changes).length === 0) {
    throw new CommandError(
      `Nothing is to be changed. Example: claude-proxy clients change ${shown(name)} --usd-per-day 20`,
      2,
    );
  }
  if (!(await withClients(flags, (query) => changeClient(query, name, changes)))) throw createMissing(name);
  if (key === null) {
    terminal.stdout(`${name} is changed at all instances, within two seconds.\n`);
    return;
  }
  tell(
    `${name} is changed at all instances, within two seconds. Its key of before is refused from then on.`,
    terminal,
  );
  showKey(key, terminal);
}

/** Removes a client. CommandError says why not. */
export async function removeKnownClient(name: string, flags: ConfigFlags, terminal: Terminal): Promise<void> {
  if (!(await withClients(flags, (query) => removeClient(query, name)))) throw createMissing(name);
  const text =
    `${name} is removed: every instance refuses it within two seconds. Answers that run end as they would have. ` +
    "An instance that cannot reach the database goes on with what it knows.";
  terminal.stdout(`${foldText(text, terminal.columns)}\n`);
}

function checkName(name: string): void {
  if (!namePattern.test(name)) throw new CommandError(`${JSON.stringify(name)} ${nameFault}.`, 2);
  if (name === defaultClient) {
    throw new CommandError(`${name} is the name of the client of PROXY_API_KEY. Use another one.`, 2);
  }
}

function createMissing(name: string): CommandError {
  return new CommandError(`There is no client ${shown(name)}. See: claude-proxy clients`, 1);
}

function shown(name: string): string {
  return escapeControlCharacters(name);
}

/** Beside the key: standard output may lead into a file. */
function tell(text: string, { columns, stderr }: Terminal): void {
  stderr(`${foldText(text, columns)}\n`);
}

function showKey(key: string, terminal: Terminal): void {
  tell("This is its key. Nobody can show it again:", terminal);
  terminal.stdout(`${key}\n`);
  tell(
    "Claude Code takes it as ANTHROPIC_AUTH_TOKEN, beside ANTHROPIC_BASE_URL with the address of the proxy; " +
      "claude-proxy env shows the other variables.",
    terminal,
  );
}
