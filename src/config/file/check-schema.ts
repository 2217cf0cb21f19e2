import type { z } from "zod";
import { describeIssue } from "./describe-issue.ts";
import { type FileText, fileSchema } from "./file-schema.ts";
import { type Fault, type KeyPath, valueAt } from "./key-path.ts";

export interface CheckedFile {
  /** The entries that the schema accepts; null if there is no map of upstreams. */
  readonly file: FileText | null;
  /** The places that the entries of `file.cases` have in the file. */
  readonly caseIndexes: readonly number[];
  readonly faults: readonly Fault[];
}

/**
 * Checks the data of a file against the schema. What has a fault is left out of the result, first by itself and
 * then with what needs it, so that the rest is checked too, and all faults are said at once.
 */
export function checkSchema(data: unknown, hasReference: (path: KeyPath) => boolean): CheckedFile {
  const parsed = fileSchema.safeParse(data);
  const caseIndexes = listIndexes(data);
  if (parsed.success) return { file: parsed.data, caseIndexes, faults: [] };
  const describe = (issue: z.core.$ZodIssue) => describeIssue(issue, { data, hasReference });
  const faults = parsed.error.issues.flatMap(describe);
  let rest = data;
  let left = faults;
  const faultyCases = new Set<unknown>();
  for (const depth of [4, 3, 2]) {
    const paths = left.map(({ path }) => cutPath(path, depth));
    for (const [section, index] of paths) if (section === "cases") faultyCases.add(index);
    rest = leaveOut(rest, paths);
    const again = fileSchema.safeParse(rest);
    if (again.success) {
      return {
        file: again.data,
        caseIndexes: caseIndexes.filter((index) => !faultyCases.has(index)),
        faults,
      };
    }
    left = again.error.issues.flatMap(describe);
  }
  return { file: null, caseIndexes: [], faults };
}

/** What is left out for a fault: a list and a case only as a whole, because the rest of them would say something else. */
function cutPath(path: KeyPath, depth: number): KeyPath {
  const inList = path.findIndex((key, index) => index >= 2 && typeof key === "number");
  const end = path[0] === "cases" ? 2 : inList === -1 ? depth : Math.min(inList, depth);
  return path.slice(0, end);
}

function listIndexes(data: unknown): number[] {
  const cases = valueAt(data, ["cases"]);
  return Array.isArray(cases) ? [...cases.keys()] : [];
}

/** The data without what stands at the paths. */
function leaveOut(data: unknown, paths: readonly KeyPath[]): unknown {
  if (typeof data !== "object" || data === null) return data;
  const isOut = (key: string | number) => paths.some((path) => path[0] === key && path.length === 1);
  const inner = (key: string | number, value: unknown) => {
    const rest = paths.filter((path) => path[0] === key).map((path) => path.slice(1));
    return rest.length === 0 ? value : leaveOut(value, rest);
  };
  if (Array.isArray(data)) return data.filter((_, index) => !isOut(index));
  return Object.fromEntries(
    Object.entries(data)
      .filter(([key]) => !isOut(key))
      .map(([key, value]) => [key, inner(key, value)]),
  );
}
