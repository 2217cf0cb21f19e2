import { cpus, loadavg, release, totalmem } from "node:os";

/** Where and of what the figures were measured. */
export interface Machine {
  commit: string;
  processor: string;
  cores: number;
  memoryGb: number;
  system: string;
  bun: string;
  /** Processes that wanted to run, on average over the last five minutes: more than the cores is a busy machine. */
  load: number;
  measuredAt: string;
  tookSeconds: number;
}

export function describeMachine(tookSeconds: number): Machine {
  const git = (...args: string[]) =>
    Bun.spawnSync(["git", ...args])
      .stdout.toString()
      .trim();
  const isChanged = git("status", "--porcelain", "src") !== "";
  return {
    commit: git("rev-parse", "--short=10", "HEAD") + (isChanged ? " with changes" : ""),
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    system: `${process.platform} ${release()}`,
    bun: Bun.version,
    load: loadavg()[1] ?? 0,
    measuredAt: new Date().toISOString().slice(0, 16),
    tookSeconds: Math.round(tookSeconds),
  };
}
