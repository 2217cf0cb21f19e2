import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/**
 * CPU time that processes have used since their start, in microseconds, from the scheduler's own books: the ticks
 * of /proc/<pid>/stat are 10 ms long, which is too coarse for a second of nginx.
 */
export function readCpuUs(pids: readonly number[]): number {
  let ns = 0;
  for (const pid of pids) {
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      ns += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]);
    }
  }
  return ns / 1000;
}

/** Memory that is in RAM, in megabytes (10^6 bytes), shared pages of the program file included. */
export function readRssMb(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + readStatusKb(pid, "VmRSS"), 0) / 976.5625;
}

function readStatusKb(pid: number, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
}

/** The process and all that it started. */
export function listFamily(pid: number): number[] {
  const parents = new Map(listProcesses().map((member) => [member, readParent(member)]));
  const family = [pid];
  for (const member of family) {
    for (const [child, parent] of parents) if (parent === member) family.push(child);
  }
  return family;
}

function listProcesses(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function readParent(pid: number): number {
  try {
    // The name of the program, in parentheses, may hold anything.
    return Number(/^.*\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1] ?? 0);
  } catch {
    // It has ended meanwhile.
    return 0;
  }
}

/** Lets a process, all its threads and what it started run on one core only. */
export function pin(pid: number, core: number): void {
  for (const member of listFamily(pid)) {
    const { success, stderr } = Bun.spawnSync(["taskset", "-a", "-p", "-c", String(core), String(member)]);
    if (!success) throw new Error(`taskset: ${stderr.toString()}`);
  }
}

/** The process that listens on a port of this machine; throws when there is none. */
export function findListener(port: number): number {
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  const inodes = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((path) =>
    readFileSync(path, "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === "0A" && fields[1]?.endsWith(`:${hexPort}`))
      .map((fields) => `socket:[${fields[9]}]`),
  );
  for (const pid of listProcesses()) {
    if (holdsSocket(pid, inodes)) return pid;
  }
  throw new Error(`no process of ours listens on port ${port}`);
}

function holdsSocket(pid: number, inodes: readonly string[]): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) =>
      inodes.includes(readlinkSync(`/proc/${pid}/fd/${fd}`)),
    );
  } catch {
    // The process ended meanwhile, or belongs to somebody else.
    return false;
  }
}
