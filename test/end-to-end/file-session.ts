import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesBefore } from "./agent-task.ts";
import { type ClientVersion, installClient } from "./install-client.ts";
import { type ClientRun, runClient } from "./run-client.ts";
import { type RunningBinary, startBinary } from "./start-binary.ts";
import { startTap, type Tapped } from "./start-tap.ts";

export interface FileSessionOptions<Upstreams> {
  /** Path of the built program. */
  binary: string;
  version: ClientVersion;
  /** Starts what stands behind the program; `folder` is where the client works. */
  createUpstreams: (folder: string) => Promise<Upstreams>;
  /** The text of the configuration file. */
  file: (upstreams: Upstreams) => string;
  /** Settings of the program, besides. */
  settings?: Readonly<Record<string, string>>;
}

/** A real client in front of the built program with a configuration file, in front of several upstreams. */
export interface FileSession<Upstreams> {
  /** Where the client works; holds the files of the task. */
  folder: string;
  /** The home of the client, the same for all its runs. */
  home: string;
  upstreams: Upstreams;
  proxy: RunningBinary;
  /** What went between the client and the program. */
  seen: readonly Tapped[];
  run(
    prompt: string,
    changes?: { flags?: readonly string[]; environment?: Readonly<Record<string, string>> },
  ): Promise<ClientRun>;
  readFolder(): Promise<Record<string, string>>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts all that: `await using session = …`. */
export async function openFileSession<Upstreams extends Readonly<Record<string, { stop(): Promise<void> }>>>({
  binary,
  version,
  createUpstreams,
  file,
  settings = {},
}: FileSessionOptions<Upstreams>): Promise<FileSession<Upstreams>> {
  const folder = await mkdtemp(join(tmpdir(), "claude-work-"));
  const home = await mkdtemp(join(tmpdir(), "claude-home-"));
  for (const [name, text] of Object.entries(filesBefore)) await Bun.write(join(folder, name), text);
  const upstreams = await createUpstreams(folder);
  const proxy = await startBinary(binary, settings, file(upstreams));
  const tap = await startTap(proxy.url);
  return {
    folder,
    home,
    upstreams,
    proxy,
    seen: tap.seen,
    run: async (prompt, { flags = [], environment = {} } = {}) =>
      runClient({
        command: await installClient(version),
        proxyUrl: tap.url,
        folder,
        prompt,
        flags: ["--output-format", "json", "--allowedTools", "Read,Write,Edit,Bash,Task,Agent", ...flags],
        environment: { HOME: home, ...environment },
      }),
    readFolder: async () => {
      const names = (await readdir(folder)).toSorted();
      const texts = names.map(async (name) => [name, await Bun.file(join(folder, name)).text()] as const);
      return Object.fromEntries(await Promise.all(texts));
    },
    [Symbol.asyncDispose]: async () => {
      await tap.stop();
      await proxy.stop();
      for (const upstream of Object.values(upstreams)) await upstream.stop();
      for (const place of [folder, home])
        await rm(place, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
