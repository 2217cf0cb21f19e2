import { readSync } from "node:fs";

const standardInput = 0;
const lineFeed = 0x0a;

/**
 * Waits for a line of standard input and reads no byte beyond it: the rest is for who reads next, such as an editor.
 * @returns null at the end of the input
 */
export function readAnswerLine(): string | null {
  const bytes: number[] = [];
  const one = new Uint8Array(1);
  for (;;) {
    const count = readByte(one);
    const [byte = lineFeed] = one;
    if (count === 0 && bytes.length === 0) return null;
    if (count === 0 || byte === lineFeed) return new TextDecoder().decode(new Uint8Array(bytes)).trim();
    bytes.push(byte);
  }
}

function readByte(into: Uint8Array): number {
  try {
    return readSync(standardInput, into);
  } catch (error) {
    // Windows says so at the end of a pipe.
    if (error instanceof Error && "code" in error && error.code === "EOF") return 0;
    throw error;
  }
}
