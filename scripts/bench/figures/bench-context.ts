import type { Cores, Server } from "../servers/server.ts";
import type { Upstream } from "../servers/start-upstream.ts";

/** What every figure is measured with. */
export interface BenchContext {
  /** How often each figure is measured of each server, in turns. */
  pairs: number;
  /** How long one measurement under load lasts. */
  loadMs: number;
  cores: Cores;
  upstream: Upstream;
  nginx: Server;
  bareBun: Server;
  bareTranslator: Server;
  proxy: Server;
  peers: readonly Server[];
  /** The compiled program. */
  program: string;
  /** Starts another one of the proxies, which nobody has called yet. */
  startFreshProxy(): Promise<Server>;
  /** Says what is being done. */
  tell(text: string): void;
}
