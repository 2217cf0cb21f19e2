import type { ClientSettings } from "../config/file-config.ts";
import { type SharedClients, unknownClients } from "../config/shared-clients.ts";
import type { KeptClients } from "./kept-clients.ts";

/** What is known of the shared clients while they change. */
export interface KnownClients {
  readonly shared: SharedClients;
  /**
   * Takes over what the database says, if it is new.
   * @returns false if that could not be brought into force: it has to be tried again
   */
  adopt(shared: SharedClients): Promise<boolean>;
}

export interface KnownClientsOptions {
  readonly kept: KeptClients;
  /** Brings them into force; rejects if that cannot be. */
  readonly apply: () => Promise<void>;
  /** Clients with which these settings outweigh a shared one of the same name. */
  readonly listOwn: () => readonly ClientSettings[];
  readonly warn: (message: string, fields: Record<string, string>) => void;
}

/** Creates what begins with the clients that were last known. Never throws. */
export function createKnownClients({ kept, apply, listOwn, warn }: KnownClientsOptions): KnownClients {
  let shared = readKept(kept, warn);
  let isInForce = false;
  let isKept = true;
  const told = new Set<string>();

  const keepLater = async (): Promise<void> => {
    try {
      await kept.write(shared);
      isKept = true;
    } catch (error) {
      if (isKept)
        warn("the clients cannot be kept for a start without the database", { cause: String(error) });
      isKept = false;
    }
  };
  /** Once for each name: the file is the stronger, and somebody may wonder why a key is refused. */
  const tellOutweighed = (): void => {
    const own = new Set(listOwn().map(({ name }) => name));
    for (const { name } of shared.clients) {
      if (!own.has(name) || told.has(name)) continue;
      told.add(name);
      warn("a client of the shared database has the name of one of these settings, which counts here", {
        client: name,
      });
    }
  };

  return {
    get shared() {
      return shared;
    },
    async adopt(next) {
      const isNew = !Bun.deepEquals(next, shared);
      shared = next;
      if (!isNew && isInForce && isKept) return true;
      if (isNew || !isInForce) {
        try {
          await apply();
          isInForce = true;
        } catch (error) {
          isInForce = false;
          warn("the changed clients cannot be brought into force", { cause: String(error) });
          return false;
        }
        tellOutweighed();
      }
      await keepLater();
      return true;
    },
  };
}

function readKept(kept: KeptClients, warn: KnownClientsOptions["warn"]): SharedClients {
  try {
    return kept.read();
  } catch (error) {
    warn("the clients that were last known cannot be read", { cause: String(error) });
    return unknownClients;
  }
}
