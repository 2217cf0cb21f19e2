import type { UpstreamError } from "../../upstream/upstream-error.ts";
import { findContextOverflow } from "./context-overflow.ts";
import { readErrorBody } from "./error-facts.ts";

/** The model's window in tokens, if an error of the upstream names it (rule 5.3); else null. */
export function findContextWindow(error: UpstreamError): number | null {
  return error.kind === "http" ? (findContextOverflow(readErrorBody(error.body))?.limit ?? null) : null;
}
