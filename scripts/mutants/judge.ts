/** The share of all mutants that may live. Some change nothing that could be seen; the rest are gaps of the tests. */
export const maxLivingShare = 0.08;

/** How seldom a sample may be judged wrongly, when just the allowed share of all mutants lives. */
const falseAlarms = 0.01;

/**
 * How many mutants of a sample may live. A sample of 60 from sources of which 8 % live has 5 living ones in the middle,
 * and by chance more than 10 in one of a hundred: more than that is no chance any more.
 */
export function countAllowed(tried: number): number {
  // As logarithms: that none of thousands lives is too unlikely for a number.
  let logChance = tried * Math.log(1 - maxLivingShare);
  let atMost = Math.exp(logChance);
  let living = 0;
  while (1 - atMost > falseAlarms && living < tried) {
    logChance += Math.log(((tried - living) / (living + 1)) * (maxLivingShare / (1 - maxLivingShare)));
    living += 1;
    atMost += Math.exp(logChance);
  }
  return living;
}
