/**
 * What an upstream has sent of an endless answer once it sends no more, because nobody takes it. How long the buffers
 * between take to become full depends on the machine.
 */
export async function untilStill(sentBytes: () => number): Promise<number> {
  for (let tries = 0; tries < 10; tries += 1) {
    const before = sentBytes();
    await Bun.sleep(500);
    if (before > 0 && sentBytes() === before) return before;
  }
  throw new Error("it sends on and on");
}
