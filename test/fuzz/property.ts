import { test } from "bun:test";
import fc from "fast-check";

/** How many cases each property is tried with; `bun run fuzz` asks for more. */
const runs = Number(process.env["FUZZ_RUNS"] ?? 20_000);
/** Printed with every failure: the same seed gives the same cases. */
const seed = process.env["FUZZ_SEED"];

/** Registers a test that tries the property with many cases. `check` throws or expects. */
export function property<Value>(
  name: string,
  cases: fc.Arbitrary<Value>,
  check: (value: Value) => void,
): void {
  test(
    name,
    () => {
      fc.assert(fc.property(cases, check), {
        numRuns: runs,
        ...(seed === undefined ? {} : { seed: Number(seed) }),
      });
    },
    60_000 + runs * 10,
  );
}
