import { createHash } from "node:crypto";

/** The items in an order that the seed alone decides. */
export function drawLots<Item>(items: readonly Item[], seed: string): Item[] {
  return items
    .map((item, index) => ({ item, lot: createHash("sha256").update(`${seed} ${index}`).digest("hex") }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .map(({ item }) => item);
}

/** `size` of the items, chosen by the seed alone, in their order; all of them when there are no more. */
export function takeSample<Item>(items: readonly Item[], size: number, seed: string): Item[] {
  const indexes = drawLots([...items.keys()], seed).slice(0, size);
  const chosen = new Set(indexes);
  return items.filter((_, index) => chosen.has(index));
}

/** A seed that is another with every commit, so that in time everything is tried: the beginning of the commit's name. */
export function seedOfCommit(folder: string): string {
  const { stdout, exitCode } = Bun.spawnSync(["git", "rev-parse", "HEAD"], { cwd: folder, stderr: "ignore" });
  return exitCode === 0 ? stdout.toString().slice(0, 8) : "1";
}
