/**
 * Counts the calls of a method that the platform has while `work` runs, and what `measure` makes of each result. The
 * method does what it always does.
 */
export async function countCalls<Holder extends object, Name extends keyof Holder>(
  holder: Holder,
  name: Name,
  work: () => Promise<unknown> | unknown,
  measure: (result: unknown) => number = () => 0,
): Promise<{ calls: number; measured: number }> {
  const original = holder[name];
  if (typeof original !== "function") throw new Error(`${String(name)} is no method`);
  let calls = 0;
  let measured = 0;
  Object.assign(holder, {
    [name](this: unknown, ...args: unknown[]): unknown {
      calls += 1;
      const result: unknown = Reflect.apply(original, this, args);
      measured += measure(result);
      return result;
    },
  });
  try {
    await work();
  } finally {
    Object.assign(holder, { [name]: original });
  }
  return { calls, measured };
}
