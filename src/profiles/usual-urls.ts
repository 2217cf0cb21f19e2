import { families } from "./families.ts";
import { findCompany, type KnownUpstream, usualBaseUrl } from "./known-upstreams.ts";
import { type ProfileId, profileAliases, profileIds } from "./profile-ids.ts";

/** The port of servers that have the dialect of a family, but a name of their own. */
const otherPorts: ReadonlyMap<string, number> = new Map([["sglang", 30_000]]);

/** The names for which no address is needed. */
export const familyNames: readonly string[] = [
  ...profileIds.filter((id) => findUsualUrl(id, false) !== null),
  "anthropic",
  ...otherPorts.keys(),
];

/** The family that a name stands for, if it is one or its other name. */
export function findFamily(name: string): ProfileId | null {
  return profileIds.find((id) => id === name) ?? profileAliases.get(name) ?? null;
}

/**
 * The usual base URL of a family, or of Anthropic.
 * @param name a family's id or another name for one
 * @param isPassed whether it is asked on Anthropic's own wire
 * @returns null if it has none
 */
export function findUsualUrl(name: string, isPassed: boolean): string | null {
  const { loopbackPort, usualPort = loopbackPort } = families[findFamily(name) ?? "generic"];
  // Servers on the user's own machine serve all wires at one address.
  const port = otherPorts.get(name) ?? usualPort;
  if (port !== undefined) return `http://localhost:${port}/v1`;
  const company = findCompanyOf(name);
  if (company === null) return null;
  const { host, messagesPath } = company;
  return isPassed && messagesPath !== undefined ? `https://${host}${messagesPath}` : usualBaseUrl(company);
}

function findCompanyOf(name: string): KnownUpstream | null {
  if (name === "anthropic") return findCompany("anthropic.com");
  const [domain] = families[findFamily(name) ?? "generic"].hosts;
  return domain === undefined ? null : findCompany(domain);
}
