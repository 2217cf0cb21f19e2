import type { Terminal } from "../../src/cli/terminal.ts";

/** A terminal that keeps what is written to it. */
export function createCollectingTerminal(): Terminal & { out(): string; err(): string } {
  let out = "";
  let err = "";
  return {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    useColor: false,
    columns: null,
    out: () => out,
    err: () => err,
  };
}
