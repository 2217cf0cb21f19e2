/**
 * Lets the engine compile what is called often, as it usually does. A built program begins with the opposite
 * (`jitPolicy` in scripts/build.ts): what runs once at a start is not worth compiling, and compiling it took a third of
 * the start's CPU time.
 */
export function endStartPolicy(): void {
  Bun.unsafe.setJITPolicy(1);
}
