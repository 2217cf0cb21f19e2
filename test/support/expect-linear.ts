/** How much longer work may take on twice the size. Linear work takes twice the time, square work four times. */
const maxGrowthOfDouble = 2.5;
/** The two sizes that are compared are this many doublings apart, which tells linear from square more clearly. */
const doublings = 2;
const sizeRatio = 2 ** doublings;
const maxTimeRatio = maxGrowthOfDouble ** doublings;

/** How far the clock of a thread goes at once, at the most that was seen. */
const clockStepMs = 16;

const firstSize = 128;
/** The smaller of the two sizes takes at least this long, unless it is at its largest. */
const wantedMs = 16;
/** What the clock, which some systems turn by 16 ms at once, a collection of garbage or a first compilation may add. */
const allowanceMs = 20;
const runsPerRound = 3;
/** Rounds before the work counts as not linear: another program's load passes, the square does not. */
const maxRounds = 4;
/** So many of a quarter of the size take twice as long as one of the size: long enough to be measured together. */
const quartersPerRun = 8;

/** Bounds of one comparison. */
export interface LinearOptions {
  /** The largest size worth trying: beyond it a cap refuses it, or no body is that long. 400,000 when not given. */
  largestSize?: number;
}

interface Timing {
  size: number;
  ms: number;
}

/**
 * Throws when `run` takes more than 2.5 times as long for twice the size. The size at which it takes long enough to
 * be measured is found by doubling; then it is compared with four times that size, in turns, the best time of each.
 * Where that is too long, a quarter of the size must be too short for it as well. One step alone may be a cache of the
 * machine that is full, or garbage of the tests before; over two steps the square is 256 times, and a cache is not.
 * @param name what the failure speaks of
 * @param makeOfSize makes what is worked on; its own time does not count
 * @param run does all of the work before it returns, or before its promise is kept
 */
export async function expectLinear<Input>(
  name: string,
  makeOfSize: (size: number) => Input,
  run: (input: Input) => unknown,
  { largestSize = 400_000 }: LinearOptions = {},
): Promise<void> {
  const measure = async (size: number, count = 1): Promise<number> => {
    const inputs = Array.from({ length: count }, () => makeOfSize(size));
    const start = threadMs();
    for (const input of inputs) await run(input);
    return (threadMs() - start) / count;
  };
  const small = await findMeasurable(measure, Math.max(1, Math.floor(largestSize / sizeRatio)));
  const large: Timing = { size: small.size * sizeRatio, ms: Number.POSITIVE_INFINITY };
  const quarter: Timing = { size: Math.ceil(small.size / sizeRatio), ms: Number.POSITIVE_INFINITY };
  // Of less than a step of the clock nothing can be said, not even that it is so little.
  const allowedMs = (): number => maxTimeRatio * Math.max(small.ms, clockStepMs) + allowanceMs;
  const allowedOfQuarterMs = (): number =>
    maxTimeRatio ** 2 * Math.max(quarter.ms, clockStepMs / quartersPerRun) + allowanceMs;
  for (let round = 0; round < maxRounds; round += 1) {
    for (let run = 0; run < runsPerRound; run += 1) {
      large.ms = Math.min(large.ms, await measure(large.size));
      small.ms = Math.min(small.ms, await measure(small.size));
      if (large.ms <= allowedMs() && run > 0) return;
    }
    Bun.gc(true); // What the tests before have left is collected in nobody's time.
    quarter.ms = Math.min(quarter.ms, await measure(quarter.size, quartersPerRun));
    if (large.ms <= allowedOfQuarterMs()) return;
    if (large.ms > 2 * allowedMs()) break; // No load of the machine makes that of linear work.
  }
  throw new Error(`${name} is not linear: ${[quarter, small, large].map(describe).join(", ")}`);
}

/** The first size that takes long enough; the time counts for nothing yet, since what runs first runs slowly. */
async function findMeasurable(
  measure: (size: number) => Promise<number>,
  largestSize: number,
): Promise<Timing> {
  let size = Math.min(firstSize, largestSize);
  while (size < largestSize && (await measure(size)) < wantedMs) size = Math.min(size * 2, largestSize);
  return { size, ms: Number.POSITIVE_INFINITY };
}

/** Milliseconds in which this thread had a core: other programs on the machine do not count. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function describe({ size, ms }: Timing): string {
  return `size ${size} takes ${ms.toFixed(1)} ms`;
}
