import { readdirSync, readFileSync } from "node:fs";

/** All threads of the processes, as folders of /proc. */
function listThreads(pids: readonly number[]): string[] {
  return pids.flatMap((pid) => readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}`));
}

/**
 * CPU time that processes have used since their start, in microseconds, from the scheduler's own books: the ticks
 * of /proc/<pid>/stat are 10 ms long, which is too coarse for a second of nginx.
 */
export function readCpuUs(pids: readonly number[]): number {
  return listThreads(pids).reduce((sum, thread) => {
    return sum + Number(readFileSync(`${thread}/schedstat`, "utf8").split(" ")[0]) / 1000;
  }, 0);
}

/** Memory that is in RAM, in megabytes (10^6 bytes), shared pages of the program file included. */
export function readRssMb(pids: readonly number[]): number {
  const kib = pids.map((pid) => /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  return kib.reduce((sum, value) => sum + Number(value), 0) / 976.5625;
}

/** The process and all that it started. */
export function listFamily(pid: number): number[] {
  const children = listThreads([pid]).flatMap((thread) =>
    readFileSync(`${thread}/children`, "utf8").split(" "),
  );
  return [pid, ...children.filter((child) => child !== "").flatMap((child) => listFamily(Number(child)))];
}

function run(...words: string[]): string {
  const { success, stdout, stderr } = Bun.spawnSync(words);
  if (!success) throw new Error(`${words.join(" ")}: ${stderr}`);
  return stdout.toString();
}

/** Lets a process, all its threads and what it started run on one core only. */
export function pin(pid: number, core: number): void {
  for (const member of listFamily(pid)) run("taskset", "-a", "-p", "-c", String(core), String(member));
}

/** The process that listens on a port of this machine; throws when there is none. */
export function findListener(port: number): number {
  const pid = /\bpid=(\d+)/.exec(run("ss", "-Hltnp", `sport = :${port}`))?.[1];
  if (pid === undefined) throw new Error(`no process of ours listens on port ${port}`);
  return Number(pid);
}
