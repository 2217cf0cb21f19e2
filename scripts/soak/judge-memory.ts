import { medianOf } from "../median-of.ts";

/** What a soak has measured of the program's resident memory, in megabytes. */
export interface MemorySamples {
  /** Of the whole run. */
  minutes: number;
  /** Under load, in the second third of the run. */
  second: readonly number[];
  /** Under load, in the last third. */
  last: readonly number[];
  /** At rest, after the collection in the pause and after what was put off until then. */
  rest: number;
}

/**
 * Under load, from the second third to the last: both hold. In a run of a few minutes the second third is still a part of
 * the warm-up, which alone was 4.6 % once.
 */
const largestGrowth = { megabytes: 20, percent: 5, percentOfShortRun: 10 };
const shortRunMinutes = 5;

/**
 * At rest behind any load: 61 MB before the first request, the code that was compiled, what the allocator keeps for the next
 * load, and the tokenizer's tables, which are loaded in the first pause.
 */
export const mostAtRestMegabytes = 220;

/** What is wrong with the memory of a run; nothing when all is well. */
export function judgeMemory({ minutes, second, last, rest }: MemorySamples): string[] {
  const [before, after] = [medianOf(second), medianOf(last)];
  const growth = after - before;
  const percent = (growth / before) * 100;
  const faults: string[] = [];
  const mostPercent = minutes < shortRunMinutes ? largestGrowth.percentOfShortRun : largestGrowth.percent;
  if (!(growth <= largestGrowth.megabytes && percent <= mostPercent)) {
    faults.push(
      `memory under load has grown by ${growth} MB, ${percent.toFixed(1)} %, from the second third to the last`,
    );
  }
  if (!(rest <= mostAtRestMegabytes)) {
    faults.push(`${rest} MB are held at rest, more than ${mostAtRestMegabytes}`);
  }
  return faults;
}
