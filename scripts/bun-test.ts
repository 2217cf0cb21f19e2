/**
 * How long one test may take, in ms, unless it says otherwise itself. Bun reads no such limit from `bunfig.toml`, and a
 * preload's `setDefaultTimeout` holds for the first file only, so that whoever starts `bun test` has to say it. Bun's
 * own 5 seconds are too few for a machine of two cores that does other things too.
 */
const testTimeoutMs = 20_000;

/** The command that runs tests: behind it come more flags and the parts of the files' names. */
export const bunTest: readonly string[] = [
  process.execPath,
  "test",
  "--no-env-file",
  `--timeout=${testTimeoutMs}`,
];
