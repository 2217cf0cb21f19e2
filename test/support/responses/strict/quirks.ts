import { type Json, objectOf, objectsOf } from "../../strict/json.ts";
import { type ResponsesRefusal, refusal } from "./responses-refusal.ts";

/** What single deployments, gateways and accounts refuse, in words from which it can be learned. */
export interface ResponsesQuirks {
  /** The organisation is not verified: summaries are refused. */
  isUnverified?: true;
  /** An old deployment of Azure: `include` is refused. */
  refusesInclude?: true;
  /** Fields that are refused by name. */
  refuses?: readonly string[];
  /** The only levels of thinking. */
  levels?: readonly string[];
  /** Azure's gpt-6: blobs of one response only. Here each response has one. */
  takesOneBlob?: true;
  /** A gateway that loses the blobs on their way to the server, which then looks for the items. */
  losesBlobs?: true;
  /** It refuses behind the first events of a stream instead of with a status. */
  tellsInStream?: true;
}

/** Faults of a request that nobody could know before. */
export function findQuirkFaults(request: Json, quirks: ResponsesQuirks): ResponsesRefusal[] {
  const { effort, summary } = objectOf(request["reasoning"]);
  const faults: ResponsesRefusal[] = [];
  if (quirks.isUnverified === true && summary !== undefined) {
    const message = "Your organization must be verified to generate reasoning summaries.";
    faults.push(refusal(message, "reasoning.summary", "unsupported_value"));
  }
  if (quirks.refusesInclude === true && "include" in request) {
    faults.push(refusal("Encrypted content is not supported with this model.", "include"));
  }
  for (const name of quirks.refuses ?? []) {
    if (!(name in request)) continue;
    faults.push(refusal(`Unsupported parameter: '${name}'.`, name, "unsupported_parameter"));
  }
  const { levels } = quirks;
  if (levels !== undefined && effort !== undefined && !levels.includes(String(effort))) {
    const list = levels.map((level) => `'${level}'`).join(", ");
    const message = `Unsupported value: '${String(effort)}' is not supported with the '${String(request["model"])}' model. Supported values are: ${list}.`;
    faults.push(refusal(message, "reasoning.effort", "unsupported_value"));
  }
  return [...faults, ...findBlobQuirks(request, quirks)];
}

function findBlobQuirks(request: Json, quirks: ResponsesQuirks): ResponsesRefusal[] {
  const blobs = objectsOf(request["input"]).filter(({ type }) => type === "reasoning");
  if (quirks.takesOneBlob === true && blobs.length > 1) {
    return [refusal("Conflicting authenticated continuation identities", "input")];
  }
  if (quirks.losesBlobs !== true || blobs.length === 0) return [];
  const message =
    "Item with id 'rs_0' not found. Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input.";
  return [refusal(message, "input")];
}
