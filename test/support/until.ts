/** Waits until something holds. Throws after so long, with what was there last. */
export async function until<Value>(
  read: () => Promise<Value> | Value,
  holds: (value: Value) => boolean,
  longestMs = 5_000,
): Promise<Value> {
  const startedMs = performance.now();
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (performance.now() - startedMs > longestMs) {
      throw new Error(`not within ${longestMs} ms: ${JSON.stringify(value)}`);
    }
    await Bun.sleep(20);
  }
}
