/**
 * What happens at once may take so long, in milliseconds, on a machine that does other things too. It is for tests that
 * tell it from what takes much longer or never happens; how fast something is stands in docs/reliability.md.
 */
export const soonMs = 5_000;
