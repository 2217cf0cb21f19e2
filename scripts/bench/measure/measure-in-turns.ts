import type { Server } from "../servers/spawn-server.ts";

/** What was measured of each server, by its name; what has the same index was measured one after the other. */
export type Rounds<Measured = number> = ReadonlyMap<string, readonly Measured[]>;

/**
 * Measures all servers one after the other, again and again, so that a busy moment of the machine falls on all of
 * them. Each is warmed up by one measurement that does not count.
 */
export async function measureInTurns<Measured>(
  servers: readonly Server[],
  rounds: number,
  measure: (server: Server) => Promise<Measured>,
): Promise<Rounds<Measured>> {
  const measured = new Map(servers.map(({ name }): [string, Measured[]] => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const server of servers) {
      const value = await measure(server).catch((cause: unknown) => {
        throw new Error(`${server.name} could not be measured`, { cause });
      });
      if (round >= 0) measured.get(server.name)?.push(value);
    }
  }
  return measured;
}
