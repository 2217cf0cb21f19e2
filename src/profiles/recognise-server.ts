import type { ProfileId } from "./profile-ids.ts";

/**
 * The family of a server that names itself in the head of its answers, or null. For servers on a port that names no
 * family (rule 0.13).
 */
export function recogniseServer(headers: Pick<Headers, "get">): ProfileId | null {
  return /^llama\.cpp(?![\w.-])/i.test(headers.get("server") ?? "") ? "llamacpp" : null;
}

/** What local servers write into `owned_by` of the models that they list. */
const familyOfOwner: ReadonlyMap<string, ProfileId> = new Map([
  ["llamacpp", "llamacpp"],
  ["vllm", "vllm"],
  ["sglang", "vllm"],
  ["library", "ollama"],
  ["organization_owner", "lmstudio"],
]);

/** The family of a server by the owners of its models, or null. */
export function recogniseOwner(owners: readonly string[]): ProfileId | null {
  for (const owner of owners) {
    const family = familyOfOwner.get(owner);
    if (family !== undefined) return family;
  }
  return null;
}
