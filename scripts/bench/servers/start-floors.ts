import { join } from "node:path";
import { type Server, spawnServer } from "./server.ts";

interface FloorOptions {
  port: number;
  upstreamUrl: string;
  core: number;
}

/** Starts the Bun server that passes bytes through. */
export function startPassThrough(options: FloorOptions): Promise<Server> {
  return start("bare Bun", "pass-through.ts", options);
}

/** Starts the Bun server that translates whole answers and does nothing else. */
export function startBareTranslator(options: FloorOptions): Promise<Server> {
  return start("bare translator", "bare-translator.ts", options);
}

function start(name: string, script: string, { port, upstreamUrl, core }: FloorOptions): Promise<Server> {
  const command = [
    process.execPath,
    "--no-env-file",
    join(import.meta.dir, script),
    String(port),
    upstreamUrl,
  ];
  return spawnServer({ name, port, command, core });
}
