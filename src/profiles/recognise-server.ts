import type { ProfileId } from "./profile.ts";

/**
 * The family of a server that names itself in the head of its answers, or null. For servers on a port that tells
 * nothing (rule 0.13).
 */
export function recogniseServer(headers: Pick<Headers, "get">): ProfileId | null {
  return /^llama\.cpp(?![\w.-])/i.test(headers.get("server") ?? "") ? "llamacpp" : null;
}
