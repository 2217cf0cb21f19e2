import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const projectFolder = join(import.meta.dir, "../..");

export interface BuiltBinary {
  path: string;
  remove(): Promise<void>;
}

/** Builds the program as it is shipped, into a folder of its own. */
export async function buildBinary(): Promise<BuiltBinary> {
  const folder = await mkdtemp(join(tmpdir(), "claude-proxy-build-"));
  const path = join(folder, process.platform === "win32" ? "claude-proxy.exe" : "claude-proxy");
  const build = Bun.spawn([process.execPath, "run", "scripts/build.ts", "--outfile", path], {
    cwd: projectFolder,
    stdout: "pipe",
    stderr: "pipe",
  });
  const output = (await build.stdout.text()) + (await build.stderr.text());
  if ((await build.exited) !== 0) throw new Error(`the build failed: ${output}`);
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}

export interface RunningBinary {
  url: string;
  /** Everything written to stdout and stderr so far. */
  output(): string;
  /** The records of the log file, parsed. */
  records(): Promise<Record<string, unknown>[]>;
  /** Its home, where all that it writes is; removed when it stops. */
  home: string;
  /** Ends it with SIGTERM and gives its exit code. */
  stop(): Promise<number>;
}

/** The settings of a program with one upstream. */
const simpleSettings = {
  OPENAI_API_KEY: "sk-upstream-key",
  BIG_MODEL_NAME: "big-model",
  SMALL_MODEL_NAME: "small-model",
};

/**
 * Starts the built program in an empty home and an empty folder, with its settings in the environment.
 * @param file the text of its configuration file; null for none
 */
export async function startBinary(
  path: string,
  settings: Readonly<Record<string, string>>,
  file: string | null = null,
): Promise<RunningBinary> {
  const home = await mkdtemp(join(tmpdir(), "claude-proxy-home-"));
  const logFile = join(home, "claude-proxy.log");
  const configFile = join(home, "config.yaml");
  if (file !== null) await writeFile(configFile, file, { mode: 0o600 });
  const child = Bun.spawn([path, "serve"], {
    cwd: home,
    env: {
      PATH: "/usr/bin:/bin",
      HOME: home,
      PORT: "0",
      LOG_FILE_PATH: logFile,
      ...(file === null ? simpleSettings : { CONFIG_FILE: configFile }),
      ...settings,
    },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  let output = "";
  const started = Promise.withResolvers<string>();
  const read = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      output += decoder.decode(bytes, { stream: true });
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
      if (url !== undefined) started.resolve(url);
    }
  };
  const reads = [read(child.stdout), read(child.stderr)];
  void child.exited.then((code) => started.reject(new Error(`the program ended with ${code}: ${output}`)));
  const url = await started.promise;
  return {
    url,
    home,
    output: () => output,
    records: async () => {
      const lines = (await Bun.file(logFile).text()).split("\n").filter((line) => line !== "");
      return lines.map((line) => JSON.parse(line));
    },
    stop: async () => {
      child.kill("SIGTERM");
      const code = await child.exited;
      await Promise.all(reads);
      await rm(home, { recursive: true, force: true });
      return code;
    },
  };
}
