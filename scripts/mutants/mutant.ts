/** One small change of one source: what stands from `start` to `end` is replaced by `after`. */
export interface Mutant {
  /** Path from the project's folder. */
  file: string;
  /** Of the first and the last character that are replaced, from 1. */
  line: number;
  lastLine: number;
  kind: MutantKind;
  start: number;
  end: number;
  before: string;
  after: string;
}

export type MutantKind =
  | "comparison"
  | "condition"
  | "logic"
  | "arithmetic"
  | "assignment"
  | "number"
  | "boolean"
  | "string"
  | "statement"
  | "reviewed";

/** The source with the mutant in it. */
export function applyMutant(source: string, { start, end, after }: Mutant): string {
  return source.slice(0, start) + after + source.slice(end);
}

/** One line that tells where a mutant is and what it changes. */
export function describeMutant({ file, line, kind, before, after }: Mutant): string {
  return `${file}:${line} [${kind}] ${shorten(before)} -> ${isNothing(after) ? "nothing" : shorten(after)}`;
}

/** Whether the mutant takes something out and puts nothing there. */
export function isNothing(after: string): boolean {
  return after === "" || after === "{}";
}

/** On one line, without its middle when it is long. */
export function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= 100 ? line : `${line.slice(0, 60)} … ${line.slice(-37)}`;
}
