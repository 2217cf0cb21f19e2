import { plainWords } from "../../upstream/plain-words.ts";
import { type SetUpFault, UpstreamError } from "../../upstream/upstream-error.ts";

/** Most characters that are quoted from a body that is no answer and has no error message. */
const excerptLength = 200;

/** What a wire knows its answers by. */
export interface AnswerMarks<Item> {
  /** Whether an item is a part of an answer, whatever is in it. */
  isAnswer(item: Item): boolean;
  hasUsage(item: Item): boolean;
  /** Whether an item that is no part of an answer may come before one. */
  mayBegin(item: Item): boolean;
  /** What an answer has, for the error, e.g. `choices`. */
  lacks: string;
}

/** Members by which any server reports a failure. */
interface FailureMembers {
  code?: unknown;
  msg?: unknown;
  message?: unknown;
  detail?: unknown;
}

/**
 * Creates the watch of one answer (rule 4.8): nothing but items that are no part of an answer is none, and neither is a
 * body that reports a failure in place of one. The watch decides when the answer ends: in the middle of an answer, such
 * items may be anything, for example signs of life.
 */
export function createWatch<Item extends FailureMembers>(marks: AnswerMarks<Item>) {
  let hasSeenAnswer = false;
  let hasSeenUsage = false;
  let refusal: Item | null = null;
  let first: Item | null = null;
  return {
    see(item: Item): void {
      if (marks.isAnswer(item)) hasSeenAnswer = true;
      else if (saysFailure(item) && !(hasSeenAnswer && marks.hasUsage(item))) refusal = item;
      else if (marks.hasUsage(item)) hasSeenUsage = true;
      else first ??= item;
    },
    failure(isDone: boolean): UpstreamError | null {
      if (refusal !== null) return noAnswer(JSON.stringify(refusal), refusal);
      if (hasSeenAnswer || hasSeenUsage) return null;
      // An answer that has begun was cut, and so may be one that has not begun.
      if (!isDone && (first === null || marks.mayBegin(first))) return null;
      return noAnswer(first === null ? "" : JSON.stringify(first), first ?? {}, "doubtful");
    },
  };

  /** Its status is 200: the real status is in its body, as for any error in a success (rule 5.4). */
  function noAnswer(text: string, body: object, setUp?: SetUpFault): UpstreamError {
    const what =
      text === "" ? "ended before it began" : `has no ${marks.lacks}: ${plainWords(text, excerptLength)}`;
    return new UpstreamError("http", `The upstream's answer ${what}`, { status: 200, body, setUp });
  }
}

/** Checks members that have other meanings in a part of an answer. */
function saysFailure({ code, msg, message, detail }: FailureMembers): boolean {
  return [code, msg, message, detail].some(Boolean);
}
