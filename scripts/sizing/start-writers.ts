import { join } from "node:path";
import { listFamily, pin, readCpuUs } from "../bench/measure/process-usage.ts";
import { type WriterOrder, type WriterState, writerStateSchema } from "./writer-messages.ts";

/** Processes that do to the database what so many instances do. */
export interface Writers extends AsyncDisposable {
  /** What all of them together do from now on. */
  set(order: WriterOrder): void;
  /** What they have said last, all together. */
  readState(): WriterState;
  readCpuUs(): number;
}

/** Starts them on one core, and waits until each has said something. Throws with what one says that ends. */
export async function startWriters(
  count: number,
  url: string,
  folder: string,
  core: number,
): Promise<Writers> {
  const states = new Map<number, WriterState>();
  const children = Array.from({ length: count }, (_, index) => {
    const words = [join(import.meta.dir, "writer.ts"), join(folder, `spool-${index}`), `writer-${index}`];
    return Bun.spawn([process.execPath, "--no-env-file", ...words], {
      stdio: ["ignore", "ignore", "inherit"],
      env: { PATH: process.env["PATH"], RECORD: url },
      ipc: (message: unknown) => {
        const state = writerStateSchema.parse(message);
        const before = states.get(index);
        // Times are those since they were read last.
        states.set(index, { ...state, reserveMs: [...(before?.reserveMs ?? []), ...state.reserveMs] });
      },
    });
  });
  for (const { pid } of children) pin(pid, core);
  while (states.size < count) {
    if (children.some(({ exitCode }) => exitCode !== null)) throw new Error("A writer has ended.");
    await Bun.sleep(50);
  }
  return {
    set(order) {
      const rowsPerSecond = order.rowsPerSecond / count;
      for (const child of children) child.send({ ...order, rowsPerSecond });
    },
    readState() {
      const all = [...states.values()];
      for (const [index, state] of states) states.set(index, { ...state, reserveMs: [] });
      const total = (read: (state: WriterState) => number) =>
        all.reduce((sum, state) => sum + read(state), 0);
      return {
        added: total(({ added }) => added),
        waiting: total(({ waiting }) => waiting),
        lost: total(({ lost }) => lost),
        reserved: total(({ reserved }) => reserved),
        missed: total(({ missed }) => missed),
        reserveMs: all.flatMap((state) => state.reserveMs),
      };
    },
    readCpuUs: () => readCpuUs(children.flatMap(({ pid }) => listFamily(pid))),
    async [Symbol.asyncDispose]() {
      for (const child of children) child.send("end");
      const timer = setTimeout(() => {
        for (const child of children) child.kill("SIGKILL");
      }, 10_000);
      await Promise.all(children.map(({ exited }) => exited));
      clearTimeout(timer);
    },
  };
}
