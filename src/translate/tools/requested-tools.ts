import type { RequestedTool } from "./requested-tool.ts";

/** A tool and its position among those of the request. */
interface PlacedTool {
  tool: RequestedTool;
  place: number;
}

/** The tools of one request by the name sent upstream, in their order. */
export class RequestedTools extends Map<string, RequestedTool> {
  #byLowerName: Map<string, PlacedTool> | null = null;
  #sorted: readonly string[] | null = null;

  /**
   * The first tool that has one of the names, ignoring case. Its index is built for the first answer that writes a name
   * in its own way: most never do, and one that does may have thousands of them.
   */
  findFirst(names: readonly string[]): RequestedTool | null {
    this.#byLowerName ??= this.#indexNames();
    let first: PlacedTool | undefined;
    for (const name of names) {
      const found = this.#byLowerName.get(name.toLowerCase());
      if (found !== undefined && (first === undefined || found.place < first.place)) first = found;
    }
    return first?.tool ?? null;
  }

  /** Whether a name is longer than `text` and begins with it. */
  beginsLonger(text: string): boolean {
    this.#sorted ??= [...this.keys()].sort();
    const next = findNext(this.#sorted, text);
    return next?.startsWith(text) === true;
  }

  #indexNames(): Map<string, PlacedTool> {
    const index = new Map<string, PlacedTool>();
    for (const [name, tool] of this) {
      const lower = name.toLowerCase();
      if (!index.has(lower)) index.set(lower, { tool, place: index.size });
    }
    return index;
  }
}

/** The first of the sorted names that comes after `text`. */
function findNext(sorted: readonly string[], text: string): string | undefined {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? "") > text) high = middle;
    else low = middle + 1;
  }
  return sorted[low];
}
