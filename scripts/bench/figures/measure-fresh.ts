import type { Server } from "../servers/spawn-server.ts";
import type { BenchContext } from "../start-servers.ts";

/** Measures a proxy that was just started, in each run another one. */
export async function measureFresh<Measured>(
  { pairs, startFreshProxy }: BenchContext,
  what: string,
  measure: (proxy: Server) => Promise<Measured>,
  configFile: string | null = null,
): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (let run = 1; run <= pairs; run++) {
    console.error(`${what}, run ${run} of ${pairs}`);
    await using proxy = await startFreshProxy({}, configFile);
    measured.push(await measure(proxy));
  }
  return measured;
}
