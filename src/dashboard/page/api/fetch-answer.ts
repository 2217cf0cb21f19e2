import { isErrorAnswer } from "./answer-checks.ts";
import type { Check } from "./check.ts";

/** The proxy did not answer as asked; the message says why, in its own words where it gave some. */
export class AnswerFault extends Error {
  /** The HTTP status; null if there was no answer. */
  readonly status: number | null;

  constructor(message: string, status: number | null) {
    super(message);
    this.name = "AnswerFault";
    this.status = status;
  }
}

export interface Question<Type> {
  /** Below `/dashboard/api/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | null>>;
  readonly check: Check<Type>;
  readonly signal?: AbortSignal;
}

/** Asks the proxy; throws an `AnswerFault`, or the reason of the signal when it ends the question. */
export async function fetchAnswer<Type>({ path, query = {}, check, signal }: Question<Type>): Promise<Type> {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== "") asked.set(name, value);
  }
  const address = `/dashboard/api/${path}${asked.size > 0 ? `?${asked}` : ""}`;
  const answer = await fetchText(address, signal);
  const value = parseJson(answer.text);
  if (answer.status !== 200) {
    const words = isErrorAnswer(value) ? value.error.message : `The proxy answered with ${answer.status}.`;
    throw new AnswerFault(words, answer.status);
  }
  if (!check(value)) {
    throw new AnswerFault(
      "The proxy's answer is not what this page expects. Reload the page: the proxy may have been updated.",
      answer.status,
    );
  }
  return value;
}

async function fetchText(address: string, signal?: AbortSignal): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(address, signal === undefined ? {} : { signal });
    return { status: response.status, text: await response.text() };
  } catch (thrown) {
    if (signal?.aborted) throw thrown;
    throw new AnswerFault("The proxy does not answer. Is claude-proxy still running?", null);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
