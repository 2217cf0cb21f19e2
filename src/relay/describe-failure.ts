import type { UpstreamError } from "../upstream/upstream-error.ts";

/** In a few words why an upstream gave no answer; null if its status says it. */
export function describeFailure({ kind, phase, status }: UpstreamError): string | null {
  switch (kind) {
    case "timeout":
      return phase === "connect" ? "no connection" : "timed out";
    case "network":
      return phase === "connect" ? "no connection" : "broke off";
    case "aborted":
      return "given up";
    case "malformed":
      return "no answer of its API";
    case "http":
      return status !== undefined && status < 300 ? "error in its answer" : null;
  }
}
