import { createInterface } from "node:readline/promises";
import { CommandError } from "../command-error.ts";

export interface RunQuestion {
  /** The user has agreed already. */
  readonly isAgreed: boolean;
  /** Something of it may cost money. */
  readonly mayCost: boolean;
  /** Somebody can be asked. */
  readonly isInteractive: boolean;
}

/**
 * Asks whether the run may begin, if it may cost money. False for a no.
 * @throws CommandError if nobody can be asked
 */
export async function confirmRun({ isAgreed, mayCost, isInteractive }: RunQuestion): Promise<boolean> {
  if (isAgreed || !mayCost) return true;
  if (!isInteractive) {
    throw new CommandError(
      "Nothing was sent: this may cost money, and there is nobody to ask. To agree: claude-proxy doctor --yes\n" +
        "For the part that costs nothing: claude-proxy doctor --setup-only",
      2,
    );
  }
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/i.test((await asking.question("Send them? [y/N] ")).trim());
  } finally {
    asking.close();
  }
}
