import { readFileSync } from "node:fs";

/** A program that was started, directly or within an emulator or a sandbox. */
export interface StartedProgram {
  readonly exited: Promise<number>;
  /** Asks it to stop, as its system does it. */
  interrupt(): void;
  kill(): void;
  /** Everything it has said so far. */
  output(): string;
}

export interface StartOptions {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The process at the end of the line: a sandbox does not hand signals on to what runs in it. */
function findInnermost(processId: number): number {
  const children = readFileSync(`/proc/${processId}/task/${processId}/children`, "utf8").trim();
  return children === "" ? processId : findInnermost(Number(children.split(" ")[0]));
}

/** What a program that has ended said, both outputs together. */
export interface EndedProgram {
  readonly exitCode: number;
  readonly output: string;
}

async function collect(stream: ReadableStream<Uint8Array>, add: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  for await (const bytes of stream) {
    add(decoder.decode(bytes, { stream: true }));
  }
}

/** Starts a program that stops at SIGTERM. */
export function startWithSignals(words: readonly string[], { folder, env }: StartOptions): StartedProgram {
  const child = Bun.spawn([...words], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const add = (text: string) => {
    output += text;
  };
  void collect(child.stdout, add);
  void collect(child.stderr, add);
  return {
    exited: child.exited,
    interrupt: () => void process.kill(findInnermost(child.pid), "SIGTERM"),
    kill: () => child.kill("SIGKILL"),
    output: () => output,
  };
}

/** Runs a program to its end, without a terminal. One that does not end is killed, and its exit code is not 0. */
export async function runToEnd(
  words: readonly string[],
  { folder, env, limitMs }: StartOptions & { readonly limitMs: number },
): Promise<EndedProgram> {
  const child = Bun.spawn([...words], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: limitMs,
    killSignal: "SIGKILL",
  });
  const texts = [new Response(child.stdout).text(), new Response(child.stderr).text()];
  const output = (await Promise.all(texts)).join("");
  return { exitCode: await child.exited, output };
}

/** Starts a program on a terminal of its own and stops it with Ctrl+C: what Windows has instead of SIGTERM. */
export function startOnTerminal(words: readonly string[], { folder, env }: StartOptions): StartedProgram {
  let output = "";
  const decoder = new TextDecoder();
  const data = (_terminal: unknown, bytes: Uint8Array) => {
    output += decoder.decode(bytes, { stream: true });
  };
  const child = Bun.spawn([...words], { cwd: folder, env, terminal: { cols: 200, rows: 50, data } });
  return {
    exited: child.exited,
    interrupt: () => void child.terminal?.write("\u0003"),
    kill: () => child.kill("SIGKILL"),
    output: () => output,
  };
}
