import { test } from "bun:test";
import fc from "fast-check";
import type { z } from "zod";
import { readFixtures, writeFixture } from "./fixtures.ts";

/** How many cases each property is tried with; `bun run fuzz` asks for more. */
const runs = Number(process.env["FUZZ_RUNS"] ?? 10_000);
/** Printed with every failure: the same seed gives the same cases. */
const seed = process.env["FUZZ_SEED"];
/** Whether the smallest failing case is kept as a fixture; `bun run fuzz` asks for it. */
const keepsFailures = process.env["FUZZ_KEEP"] === "1";

export interface Property<Value> {
  name: string;
  /** The folder of `test/fixtures/fuzz/` with the cases that have failed. */
  area: string;
  cases: fc.Arbitrary<Value>;
  /** What a case looks like when it is read from its fixture. */
  shape: z.ZodType<Value>;
  /** Throws or expects. */
  check: (value: Value) => void | Promise<void>;
}

/** Registers a test that tries the property with many cases, and one for every case that has failed before. */
export function property<Value>({ name, area, cases, shape, check }: Property<Value>): void {
  for (const fixture of readFixtures(area)) {
    test(`${name}: ${area}/${fixture.name}`, () => check(shape.parse(fixture.value)));
  }
  test(
    name,
    async () => {
      const options = { numRuns: runs, ...(seed === undefined ? {} : { seed: Number(seed) }) };
      const result = await fc.check(
        fc.asyncProperty(cases, async (value) => check(value)),
        options,
      );
      if (!result.failed) return;
      const report = fc.defaultReportMessage(result);
      const kept = keepsFailures
        ? writeFixture(area, `seed-${result.seed}`, result.counterexample?.[0])
        : null;
      const advice =
        kept === null
          ? "`bun run fuzz` keeps it as a fixture"
          : `Kept as ${kept}; name it after what it shows`;
      throw new Error(`${report}\n\n${advice}`, { cause: result.errorInstance });
    },
    60_000 + runs * 10,
  );
}
