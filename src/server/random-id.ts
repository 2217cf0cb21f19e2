const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** Ids are written two characters at a time, which halves their cost. */
const pairs = Array.from(alphabet, (first) => Array.from(alphabet, (second) => first + second)).flat();
const pairsOfId = 12;
/** The greatest multiple of 3,844 below 2^16: values above it would make some pairs more likely than others. */
const usableValues = 17 * pairs.length;

/** Random bytes for some hundred ids: asking the system for each id takes longer than writing it. */
const pool = new Uint16Array(4096);
let nextOfPool = pool.length;

/**
 * Creates an id of the form the real API uses: `<prefix>_` and 24 base62 characters (`req`, `msg`, `toolu`,
 * `srvtoolu`).
 */
export function randomId(prefix: string): string {
  let id = `${prefix}_`;
  for (let written = 0; written < pairsOfId; ) {
    const value = takeValue();
    if (value >= usableValues) continue;
    id += pairs[value % pairs.length];
    written += 1;
  }
  return id;
}

function takeValue(): number {
  if (nextOfPool === pool.length) {
    crypto.getRandomValues(pool);
    nextOfPool = 0;
  }
  const value = pool[nextOfPool] ?? 0;
  nextOfPool += 1;
  return value;
}
