import { listFamily } from "../measure/process-usage.ts";

/** A proxy that is measured. */
export interface Server extends AsyncDisposable {
  name: string;
  port: number;
  /** Path of the messages endpoint. */
  path: string;
  /** All of its processes. */
  pids: readonly number[];
}

interface SpawnOptions {
  name: string;
  port: number;
  command: readonly string[];
  core: number;
  env?: Record<string, string>;
  cwd?: string;
  /** Where its output goes. */
  output?: Bun.BunFile;
  /** Hears its messages. */
  ipc?: (message: unknown) => void;
}

/** The same server under another name; whoever started it ends it. */
export function nameServer(name: string | undefined, { port, path, pids }: Server): Server {
  return { name: name ?? "", port, path, pids, [Symbol.asyncDispose]: async () => {} };
}

const startLimitMs = 20_000;
const stopLimitMs = 2_000;

/** Starts a program on one core and waits until it answers on its port. Throws when it does not within 20 s. */
export async function spawnServer(options: SpawnOptions) {
  const { name, port, command, core, env, output, ...more } = options;
  const child = Bun.spawn(["taskset", "-c", String(core), ...command], {
    stdio: ["ignore", output ?? "ignore", output ?? "inherit"],
    ...more,
    env: { PATH: process.env["PATH"], ...env },
  });
  const stop = async () => {
    child.kill();
    const timer = setTimeout(() => child.kill("SIGKILL"), stopLimitMs);
    await child.exited;
    clearTimeout(timer);
  };
  try {
    await waitForPort(port, name, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    name,
    port,
    path: "/v1/messages",
    // `taskset` becomes the program. nginx listens before it starts its second process, so they are listed when needed.
    get pids() {
      return listFamily(child.pid);
    },
    child,
    [Symbol.asyncDispose]: stop,
  };
}

/** Waits until the program listens. */
async function waitForPort(port: number, name: string, program: { exitCode: number | null }): Promise<void> {
  const endMs = performance.now() + startLimitMs;
  while (performance.now() < endMs && program.exitCode === null) {
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
