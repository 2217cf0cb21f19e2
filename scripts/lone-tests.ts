/**
 * The tests that run alone, one file after the other, behind the others: they measure how long something takes or how
 * much memory it needs, or compare two builds, which come out differently beside others.
 */
export const loneTests: readonly string[] = [
  "test/faults/load.test.ts",
  "test/laws/short-steps.test.ts",
  "test/logging/cut-bodies.test.ts",
  "test/performance/open-stream.test.ts",
  "test/release/reproducible.test.ts",
  "test/server/count-time.test.ts",
  "test/server/hostile-json.test.ts",
];
