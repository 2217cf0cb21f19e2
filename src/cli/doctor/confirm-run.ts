import { CommandError } from "../command-error.ts";
import { readAnswerLine } from "../read-answer-line.ts";

export interface RunQuestion {
  /** The user has agreed already. */
  readonly isAgreed: boolean;
  /** Something of it may cost money. */
  readonly mayCost: boolean;
  /** Somebody can be asked. */
  readonly isInteractive: boolean;
  readonly ask: (question: string) => void;
}

/**
 * Asks whether the run may begin, if it may cost money. False for a no.
 * @throws CommandError if nobody can be asked
 */
export function confirmRun({ isAgreed, mayCost, isInteractive, ask }: RunQuestion): boolean {
  if (isAgreed || !mayCost) return true;
  if (!isInteractive) {
    throw new CommandError(
      "Nothing was sent: this may cost money, and there is nobody to ask. To agree: claude-proxy doctor --yes\n" +
        "For the part that costs nothing: claude-proxy doctor --setup-only",
      2,
    );
  }
  ask("Send them? [y/N] ");
  const answer = readAnswerLine();
  // Ctrl-D leaves the cursor behind the question.
  if (answer === null) ask("\n");
  return answer !== null && /^y(?:es)?$/i.test(answer);
}
