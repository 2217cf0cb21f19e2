import { listFamily } from "../measure/process-usage.ts";

/** A proxy that is measured. */
export interface Server {
  name: string;
  port: number;
  /** Path of the messages endpoint. */
  path: string;
  /** All of its processes. */
  pids: readonly number[];
  stop(): Promise<void>;
}

/** Where the cores of the machine go: the measured proxies have one for themselves. */
export interface Cores {
  proxy: number;
  upstream: number;
  load: number;
}

export interface SpawnedOptions {
  name: string;
  port: number;
  path?: string;
  command: readonly string[];
  core: number;
  env?: Record<string, string>;
  cwd?: string;
  /** Where its output goes. */
  output?: string;
}

/** Starts a program on one core and waits until it answers on its port. Throws when it does not within 20 s. */
export async function spawnServer(options: SpawnedOptions): Promise<Server> {
  const { name, port, path = "/v1/messages", command, core, env, cwd, output } = options;
  const child = Bun.spawn(["taskset", "-c", String(core), ...command], {
    stdin: "ignore",
    stdout: output === undefined ? "ignore" : Bun.file(output),
    stderr: output === undefined ? "inherit" : Bun.file(`${output}.errors`),
    ...(cwd === undefined ? {} : { cwd }),
    env: { PATH: process.env["PATH"], ...env },
  });
  await waitForPort(port, name, () => child.exitCode !== null);
  return {
    name,
    port,
    path,
    // `taskset` becomes the program; nginx has a second process.
    pids: listFamily(child.pid),
    async stop() {
      child.kill();
      const timer = setTimeout(() => child.kill("SIGKILL"), 2000);
      await child.exited;
      clearTimeout(timer);
    },
  };
}

/** Waits until somebody listens. */
export async function waitForPort(port: number, name: string, hasEnded: () => boolean): Promise<void> {
  const endMs = performance.now() + 20_000;
  while (performance.now() < endMs && !hasEnded()) {
    try {
      const socket = await Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {} } });
      socket.end();
      return;
    } catch {
      await Bun.sleep(1);
    }
  }
  throw new Error(`${name} does not answer on port ${port}`);
}
