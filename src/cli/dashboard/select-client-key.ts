import type { Address } from "../../config/load-address.ts";
import { CommandError } from "../command-error.ts";

/**
 * The key with which the proxy is asked: that of the named client, else `PROXY_API_KEY`, else that of the only client;
 * null if there are no keys.
 * @param question what a person reads who has to name one
 * @throws CommandError, naming the clients, if it is not clear whose is meant
 */
export function selectClientKey(
  {
    proxyApiKey,
    hasOwnKey,
    clients,
    hasSharedRecord,
  }: Pick<Address, "proxyApiKey" | "hasOwnKey" | "clients" | "hasSharedRecord">,
  name: string | undefined,
  question: string,
): string | null {
  const names = clients.map((client) => client.name).join(", ");
  if (name !== undefined) {
    const found = clients.find((client) => client.name === name);
    if (found !== undefined) return found.key;
    const there = names === "" ? "The settings name no clients." : `There is: ${names}`;
    const shared = hasSharedRecord
      ? "\nA client of the shared record is not named: put its key into PROXY_API_KEY for this command."
      : "";
    throw new CommandError(`No client is named ${name}. ${there}${shared}`, 2);
  }
  if (!hasOwnKey && clients.length > 1) {
    throw new CommandError(`${question}\nThere is: ${names}`, 2);
  }
  return proxyApiKey;
}
