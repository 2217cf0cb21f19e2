import { join } from "node:path";
import { type SharedClients, unknownClients } from "../config/shared-clients.ts";
import { isMissingFile, readOwnFile } from "../files/read-own-file.ts";
import { replaceFile } from "../files/replace-file.ts";
import { isJsonObject } from "../json/json-value.ts";
import { parseJson } from "../json/parse-json.ts";
import { buildClientRow, parseClient } from "./client-row.ts";

const formatVersion = 1;
/** Room for more than 100,000 clients. */
const mostBytes = 64 * 1024 * 1024;

/** Where the last known clients are kept for a start while the database is away; no key is in it. */
export interface KeptClients {
  /** `unknown` if there is nothing, or nothing of this database. Throws if what is there cannot be read. */
  read(): SharedClients;
  /** Rejects if it cannot be written. */
  write(clients: SharedClients): Promise<void>;
}

/**
 * Creates the access to the file in the state folder.
 * @param place the database, as people are told: another one has other clients
 */
export function createKeptClients(stateFolder: string, place: string): KeptClients {
  const filePath = join(stateFolder, "clients.json");
  return {
    read() {
      try {
        return parseKept(readOwnFile(filePath, mostBytes), place);
      } catch (error) {
        if (isMissingFile(error)) return unknownClients;
        throw error;
      }
    },
    async write({ clients, state }) {
      const kept = { version: formatVersion, database: place, state, clients: clients.map(buildClientRow) };
      await replaceFile(filePath, `${JSON.stringify(kept, null, 1)}\n`);
    },
  };
}

function parseKept(text: string, place: string): SharedClients {
  const kept = parseJson(text);
  const entries = isJsonObject(kept) ? kept["clients"] : null;
  if (!isJsonObject(kept) || kept["version"] !== formatVersion || !Array.isArray(entries)) {
    throw new Error("It holds no clients of this version.");
  }
  const { state } = kept;
  if (kept["database"] !== place || (state !== "empty" && state !== "begun")) return unknownClients;
  const clients = entries.flatMap((entry: unknown) =>
    isJsonObject(entry) ? (parseClient(entry) ?? []) : [],
  );
  return { clients, state };
}
