import type { UpstreamError } from "../../upstream/upstream-error.ts";
import { type ContextOverflow, findContextOverflow } from "../failures/context-overflow.ts";
import { type ErrorFacts, readErrorBody } from "../failures/error-facts.ts";
import { resolveStatus } from "../failures/resolve-status.ts";

/** A request that the upstream did not accept as it was. */
export interface Refusal {
  facts: ErrorFacts;
  /** The text of `facts`, in lower case. */
  text: string;
  /** The status that represents it, 400 to 599. */
  status: number;
  overflow: ContextOverflow | null;
}

/**
 * Local servers answer 500 or 501 if a template cannot express something, OpenRouter 404 if none of its providers
 * accepts it.
 */
const refusals: readonly number[] = [400, 404, 422, 500, 501];
/** With these, only a number is at fault. */
const ofNumbers: readonly number[] = [402, 413];

/** Reads an error as a refusal of what the request contains; null if it says nothing about that. */
export function readRefusal(error: UpstreamError): Refusal | null {
  if (error.kind !== "http") return null;
  const facts = readErrorBody(error.body);
  const status = resolveStatus(error.status, facts);
  const overflow = findContextOverflow(facts);
  if (overflow === null && !refusals.includes(status) && !ofNumbers.includes(status)) return null;
  return { facts, text: facts.text.toLowerCase(), status, overflow };
}

/** Whether the prompt, the output limit or the credit is at fault, and no field. */
export function isOfNumbers({ status, overflow }: Refusal): boolean {
  return overflow !== null || ofNumbers.includes(status);
}
