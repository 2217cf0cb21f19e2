// Tries every property with many more cases than the tests do: `bun run fuzz [--runs 1000000] [--seed 7]`. The smallest
// case that fails is written to `test/fixtures/fuzz/`, where every run of the tests tries it again.
import { parseArgs } from "node:util";
import { bunTest } from "../bun-test.ts";

const { values: options } = parseArgs({
  options: { runs: { type: "string", default: "1000000" }, seed: { type: "string" } },
});

const run = Bun.spawn([...bunTest, "test/fuzz"], {
  env: {
    ...process.env,
    FUZZ_KEEP: "1",
    FUZZ_RUNS: options.runs,
    ...(options.seed === undefined ? {} : { FUZZ_SEED: options.seed }),
  },
  stdio: ["ignore", "inherit", "inherit"],
});
process.exit(await run.exited);
