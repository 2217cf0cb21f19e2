import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ownMain = join(import.meta.dir, "../../src/main.ts");

/** The real program as a process of its own. */
export interface RunningProgram {
  url: string;
  port: number;
  pid: number;
  kill(signal: NodeJS.Signals): void;
  exited: Promise<number>;
  /** Everything written to stdout and stderr so far. */
  output(): string;
  /** What of it was written to stderr. */
  errorOutput(): string;
  /** Null while it runs. */
  exitCode(): number | null;
  /** Its home, where all that it writes is. */
  home: string;
  logFile: string;
  /** The lines of the log file, parsed. */
  records(): Record<string, unknown>[];
  /** The records of requests, once there are so many: they are written at the end of a turn, behind the answers. */
  requestRecords(count: number): Promise<Record<string, unknown>[]>;
  /** Resident memory, bytes. Linux only. */
  memoryBytes(): number;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface ProgramOptions {
  /** How many descriptors it may have; Linux and macOS only. */
  descriptors?: number;
  /** The program to be started, when it is not the one of this checkout. */
  main?: string;
  /** The text of its configuration file, in place of the settings of one upstream. */
  file?: string;
  /** Its home, which is left as it is at the end; otherwise a new folder that is removed. */
  home?: string;
}

/** Starts `serve` from the sources in an empty home, with its settings in the environment. */
export async function startProgram(
  baseUrl: string,
  settings: Readonly<Record<string, string>> = {},
  { descriptors, main = ownMain, file, home: keptHome }: ProgramOptions = {},
): Promise<RunningProgram> {
  const home = keptHome ?? mkdtempSync(join(tmpdir(), "claude-proxy-program-"));
  const configFile = join(home, "config.yaml");
  if (file !== undefined) writeFileSync(configFile, file, { mode: 0o600 });
  const logFile = settings["LOG_FILE_PATH"] ?? join(home, "claude-proxy.log");
  const limit = descriptors === undefined ? [] : ["sh", "-c", `ulimit -n ${descriptors}; exec "$@"`, "sh"];
  const child = Bun.spawn([...limit, process.execPath, "--no-env-file", main, "serve"], {
    cwd: home,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: home,
      PORT: "0",
      ...(file === undefined ? settingsOf(baseUrl) : { CONFIG_FILE: configFile }),
      LOG_FILE_PATH: logFile,
      ...settings,
    },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const started = Promise.withResolvers<string>();
  let output = "";
  let errorOutput = "";
  const read = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      const text = decoder.decode(bytes, { stream: true });
      output += text;
      if (stream === child.stderr) errorOutput += text;
      const url = /listens at (\S+)/.exec(output)?.[1];
      if (url !== undefined) started.resolve(url);
    }
  };
  const readAll = Promise.all([read(child.stdout), read(child.stderr)]);
  // Its last words may come after its exit.
  void child.exited.then(async (code) => {
    await readAll;
    started.reject(new Error(`the program ended with ${code}: ${output}`));
  });
  const records = (): Record<string, unknown>[] =>
    (existsSync(logFile) ? readFileSync(logFile, "utf8") : "")
      .split("\n")
      // Behind the last line's end is nothing, or a line that is being written.
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  const url = await started.promise;
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid,
    kill: (signal) => child.kill(signal),
    exited: child.exited,
    output: () => output,
    errorOutput: () => errorOutput,
    exitCode: () => child.exitCode,
    home,
    logFile,
    records,
    async requestRecords(count) {
      const ofRequests = () => records().filter(({ event }) => event === "request");
      for (let tries = 0; tries < 200 && ofRequests().length < count; tries += 1) await Bun.sleep(10);
      return ofRequests();
    },
    memoryBytes: () => readMemoryBytes(child.pid),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await child.exited;
      if (keptHome === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The settings of a program with one upstream. */
function settingsOf(baseUrl: string): Readonly<Record<string, string>> {
  return {
    BASE_URL: baseUrl,
    OPENAI_API_KEY: "sk-upstream-key",
    BIG_MODEL_NAME: "big-model",
    SMALL_MODEL_NAME: "small-model",
    UPSTREAM_PROFILE: "generic",
  };
}

function readMemoryBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) * 1024;
}
