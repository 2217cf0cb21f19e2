import { generationOf } from "../../profiles/model-generation.ts";
import type { EnvelopeFamily } from "../../profiles/model-traits.ts";
import type { ProtocolId } from "../../profiles/protocol-id.ts";
import type { ReasoningEnvelope } from "./reasoning-envelope.ts";

/** Families whose opaque reasoning only models of the same generation can read (rule 22.4f). */
const ofGenerations: readonly EnvelopeFamily[] = ["rs-openai", "rs-azure"];

/** The upstream for which reasoning is read. */
export interface OwnReader {
  protocol: ProtocolId;
  /** Its family of envelopes. */
  family: EnvelopeFamily;
  /** Its model id. */
  model: string;
}

/** Whether the upstream that this is for made the reasoning. */
export function isOwnReasoning(
  { family, model }: Pick<ReasoningEnvelope, "family" | "model">,
  reader: OwnReader,
): boolean {
  if (family !== reader.family && !isOfTwin(family, reader)) return false;
  return ofGenerations.includes(family)
    ? generationOf(model) === generationOf(reader.model)
    : vendorOf(model) === vendorOf(reader.model);
}

/**
 * Servers of unknown make write either family, see `familyOfEnvelope`. Plain text is the same on every wire; encrypted
 * reasoning goes back on the Responses API only.
 */
function isOfTwin(family: EnvelopeFamily, reader: OwnReader): boolean {
  if (family === "text") return reader.family === "rs-other";
  return family === "rs-other" && reader.family === "text" && reader.protocol === "responses";
}

/** `deepseek/deepseek-v4` and `deepseek-v4-pro` both belong to "deepseek". */
function vendorOf(model: string): string {
  const slash = model.indexOf("/");
  const name = slash === -1 ? (/^[a-z]+/i.exec(model)?.[0] ?? model) : model.slice(0, slash);
  return name.toLowerCase();
}
