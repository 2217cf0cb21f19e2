import type { Environment } from "../config/locate-folders.ts";
import { isJsonObject, type JsonObject } from "../json/json-value.ts";

/** The header of the proxy's own keys, where the usual ones are left to the client's login. */
export const ownHeader = "x-claude-proxy-key";

/** The variable from which the client takes more headers, one a line. */
export const headersVariable = "ANTHROPIC_CUSTOM_HEADERS";

/** The client's headers with the proxy's key among them. */
export interface OwnHeaders {
  /** The value of the variable. */
  readonly value: string;
  /** Settings of the user have the variable: the client takes theirs, and not that of its environment. */
  readonly isInSettings: boolean;
}

/**
 * Adds the proxy's key to the headers that the user has set.
 * @param layers his settings, those that win last
 */
export function addOwnHeader(clientKey: string, env: Environment, layers: readonly JsonObject[]): OwnHeaders {
  const inSettings = layers.flatMap((settings) => {
    const value = isJsonObject(settings["env"]) ? settings["env"][headersVariable] : undefined;
    return typeof value === "string" ? [value] : [];
  });
  // Within a session of ours it has our line already, perhaps with another key.
  const isOwn = (line: string) => line.split(":", 1)[0]?.trim().toLowerCase() === ownHeader;
  const others = (inSettings.at(-1) ?? env[headersVariable] ?? "")
    .split("\n")
    .filter((line) => line.trim() !== "" && !isOwn(line));
  return {
    value: [...others, `${ownHeader}: ${clientKey}`].join("\n"),
    isInSettings: inSettings.length > 0,
  };
}
