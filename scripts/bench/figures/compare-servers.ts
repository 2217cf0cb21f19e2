import { measureInTurns, type Rounds } from "../measure/measure-in-turns.ts";
import type { Server } from "../servers/spawn-server.ts";
import type { UpstreamSettings } from "../servers/upstream-settings.ts";
import type { BenchContext } from "../start-servers.ts";

/** Measures nginx, bare Bun, ours and the peers in turns, each before an upstream that gives the same answer. */
export async function compareServers<Measured>(
  { upstream, nginx, bareBun, proxy, peers, pairs }: BenchContext,
  what: string,
  answer: UpstreamSettings,
  measure: (server: Server) => Promise<Measured>,
  more: readonly Server[] = [],
): Promise<Rounds<Measured>> {
  console.error(what);
  await upstream.set(answer);
  return await measureInTurns([nginx, bareBun, ...more, proxy, ...peers], pairs, measure);
}
