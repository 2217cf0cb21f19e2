import { createHash } from "node:crypto";

/** `size` of the items, chosen by the seed alone, in their order; all of them when there are no more. */
export function takeSample<Item>(items: readonly Item[], size: number, seed: string): Item[] {
  return items
    .map((item, index) => ({
      item,
      index,
      lot: createHash("sha256").update(`${seed} ${index}`).digest("hex"),
    }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .slice(0, size)
    .sort((a, b) => a.index - b.index)
    .map(({ item }) => item);
}

/** A seed that is another with every commit, so that in time everything is tried: the beginning of the commit's name. */
export function seedOfCommit(folder: string): string {
  const { stdout, exitCode } = Bun.spawnSync(["git", "rev-parse", "HEAD"], { cwd: folder, stderr: "ignore" });
  return exitCode === 0 ? stdout.toString().slice(0, 8) : "1";
}
