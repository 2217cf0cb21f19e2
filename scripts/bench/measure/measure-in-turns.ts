import type { Server } from "../servers/server.ts";

/**
 * Measures all servers one after the other, again and again, so that a busy moment of the machine falls on all of
 * them. Each is warmed up by one measurement that does not count. Returns what was measured by figure and server.
 */
export async function measureInTurns<Key extends string>(
  servers: readonly Server[],
  rounds: number,
  measure: (server: Server) => Promise<Record<Key, number>>,
): Promise<Map<Key, Map<string, number[]>>> {
  const figures = new Map<Key, Map<string, number[]>>();
  for (let round = -1; round < rounds; round++) {
    for (const server of servers) {
      const measured = await measure(server).catch((cause: unknown) => {
        throw new Error(`${server.name} could not be measured`, { cause });
      });
      if (round === -1) continue;
      for (const key in measured) {
        const byServer = figures.get(key) ?? new Map<string, number[]>();
        figures.set(key, byServer);
        byServer.set(server.name, [...(byServer.get(server.name) ?? []), measured[key]]);
      }
    }
  }
  return figures;
}
