import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCpuUs } from "../measure/process-usage.ts";
import type { BenchContext } from "../start-servers.ts";
import { comparedFigure, type Figure } from "./figure.ts";

/** How often each is started, in turns. */
const starts = 21;
const startPort = 18098;
const floor = "an empty server";

/** What a start took until its first answer, or until its end. */
interface Start {
  ms: number;
  cpuMs: number;
}

/** How long the program takes beside a compiled server that does nothing: time and CPU, as ratios within each turn. */
export async function measureStart(context: BenchContext): Promise<Figure[]> {
  console.error("start of the program");
  const folder = mkdtempSync(join(tmpdir(), "claude-proxy-bench-start-"));
  try {
    const empty = await buildEmptyServer(folder);
    const { program } = context;
    const commands = new Map<string, () => Promise<Start>>([
      [floor, () => startServer(context, [empty, String(startPort)])],
      ["claude-proxy serve", () => startServer(context, [program, "serve", "--port", String(startPort)])],
      ["claude-proxy --version", () => runCommand(context, [program, "--version"])],
      ["claude-proxy statusline", () => runCommand(context, [program, "statusline"])],
    ]);
    return compareStarts(await startInTurns(commands));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function buildEmptyServer(folder: string): Promise<string> {
  const outfile = join(folder, "empty-server");
  await Bun.build({
    entrypoints: [join(import.meta.dir, "../servers/empty-server.ts")],
    compile: { outfile, autoloadDotenv: false, autoloadBunfig: false },
    minify: true,
    bytecode: true,
    format: "esm",
  });
  return outfile;
}

async function startInTurns(commands: ReadonlyMap<string, () => Promise<Start>>) {
  const measured = new Map([...commands.keys()].map((name): [string, Start[]] => [name, []]));
  // The first turn does not count: the programs may not have been in the cache of files.
  for (let turn = -1; turn < starts; turn++) {
    for (const [name, start] of commands) {
      const value = await start();
      if (turn >= 0) measured.get(name)?.push(value);
    }
  }
  return measured;
}

function compareStarts(measured: ReadonlyMap<string, readonly Start[]>): Figure[] {
  const roundsOf = (member: keyof Start) =>
    new Map([...measured].map(([name, values]) => [name, values.map((value) => value[member])]));
  const [times, cpuTimes] = [roundsOf("ms"), roundsOf("cpuMs")];
  const figures: [string, string, number][] = [
    ["Start of the compiled program to the first 200", "claude-proxy serve", 2.5],
    ["`claude-proxy --version`", "claude-proxy --version", 1.5],
    ["`claude-proxy statusline`", "claude-proxy statusline", 1.5],
  ];
  return figures.flatMap(([title, of, atMost]) => [
    comparedFigure(title, { rounds: times, unit: "ms", of, to: floor, as: "ratio" }, { atMost }),
    comparedFigure(`${title}, CPU`, { rounds: cpuTimes, unit: "ms of CPU", of, to: floor, as: "ratio" }),
  ]);
}

/** What Claude Code says of a session to the status line, as far as it is read. */
const clientState = JSON.stringify({ session_id: "bench", model: { id: "bench", display_name: "bench" } });

function spawn({ core, env }: BenchContext, command: readonly string[]) {
  return Bun.spawn(["taskset", "-c", String(core), ...command], {
    stdin: new Blob([clientState]),
    stdout: "ignore",
    stderr: "ignore",
    env: { PATH: process.env["PATH"], ...env },
  });
}

async function startServer(context: BenchContext, command: readonly string[]): Promise<Start> {
  const startMs = performance.now();
  const child = spawn(context, command);
  try {
    for (;;) {
      if (child.exitCode !== null) throw new Error(`${command.join(" ")} ended while it started`);
      const response = await fetch(`http://127.0.0.1:${startPort}/health`).catch(() => null);
      if (response?.status === 200) {
        return { ms: performance.now() - startMs, cpuMs: readCpuUs([child.pid]) / 1000 };
      }
      await Bun.sleep(0.5);
    }
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
}

async function runCommand(context: BenchContext, command: readonly string[]): Promise<Start> {
  const startMs = performance.now();
  const child = spawn(context, command);
  if ((await child.exited) !== 0) throw new Error(`${command.join(" ")} failed`);
  const ms = performance.now() - startMs;
  return { ms, cpuMs: Number(child.resourceUsage()?.cpuTime.total ?? Number.NaN) / 1000 };
}
