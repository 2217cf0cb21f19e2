import { readdirSync, readFileSync } from "node:fs";

/** All threads of the processes that live, as folders of /proc. */
function listThreads(pids: readonly number[]): string[] {
  return pids.flatMap((pid) =>
    (readIfThere(() => readdirSync(`/proc/${pid}/task`)) ?? []).map((task) => `/proc/${pid}/task/${task}`),
  );
}

/** Null of a process or thread that has ended since it was listed, as those of a database do at any time. */
function readIfThere<Read>(read: () => Read): Read | null {
  try {
    return read();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ENOENT" || code === "ESRCH") return null;
    throw error;
  }
}

/**
 * CPU time that processes have used since their start, in microseconds, from the scheduler's own books: the ticks
 * of /proc/<pid>/stat are 10 ms long, which is too coarse for a second of nginx.
 */
export function readCpuUs(pids: readonly number[]): number {
  return listThreads(pids).reduce((sum, thread) => {
    const text = readIfThere(() => readFileSync(`${thread}/schedstat`, "utf8"));
    return sum + Number(text?.split(" ")[0] ?? 0) / 1000;
  }, 0);
}

/** Memory that is in RAM, in megabytes (10^6 bytes), shared pages of the program file included. */
export function readRssMb(pids: readonly number[]): number {
  const kib = pids.map((pid) => /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  return kib.reduce((sum, value) => sum + Number(value), 0) / 976.5625;
}

/** The process and all that it started. */
export function listFamily(pid: number): number[] {
  const children = listThreads([pid]).flatMap(
    (thread) => readIfThere(() => readFileSync(`${thread}/children`, "utf8"))?.split(" ") ?? [],
  );
  return [pid, ...children.filter((child) => child !== "").flatMap((child) => listFamily(Number(child)))];
}

function run(...words: string[]): string {
  const { success, stdout, stderr } = Bun.spawnSync(words);
  if (!success) throw new Error(`${words.join(" ")}: ${stderr}`);
  return stdout.toString();
}

/** Lets a process, all its threads and what it started run on these cores only: a number, or a list such as `0-3`. */
export function pin(pid: number, cores: number | string): void {
  for (const member of listFamily(pid)) run("taskset", "-a", "-p", "-c", String(cores), String(member));
}

/** The process that listens on a port of this machine; throws when there is none. */
export function findListener(port: number): number {
  const pid = /\bpid=(\d+)/.exec(run("ss", "-Hltnp", `sport = :${port}`))?.[1];
  if (pid === undefined) throw new Error(`no process of ours listens on port ${port}`);
  return Number(pid);
}
