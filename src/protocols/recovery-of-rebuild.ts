import type { Recovery } from "./protocol.ts";

/** How to build a request without its reasoning (rule 6.4); null for any other repair. */
export function recoveryOfRebuild(repair: { kind: string; emptyReasoningAs?: "" }): Recovery | null {
  if (repair.kind !== "rebuild-without-reasoning") return null;
  return { withoutOpaqueReasoning: true, ...(repair.emptyReasoningAs === "" && { emptyReasoningAs: "" }) };
}
