import type { RedactedThinkingBlockParam, ThinkingBlockParam } from "../../anthropic/content-block.ts";
import type { Profile } from "../../profiles/profile.ts";
import { addAll } from "../add-all.ts";
import type { RequestNotes } from "../request-notes.ts";
import { decodeEnvelope, type EnvelopeBudget } from "./decode-envelope.ts";
import { countReferences, resolveDetails } from "./encode-envelope.ts";
import { isOwnReasoning } from "./is-own-reasoning.ts";
import { envelopePrefix, hashVisibleThinking, type ReasoningEnvelope } from "./reasoning-envelope.ts";

export type ReasoningBlock = ThinkingBlockParam | RedactedThinkingBlockParam;

/** True for a block of thinking, whether the client sees its text or not. */
export function isReasoningBlock<Item extends { type: string }>(item: Item): item is Item & ReasoningBlock {
  return item.type === "thinking" || item.type === "redacted_thinking";
}

/** The upstream to which the reasoning would go back. */
export interface ReasoningReader {
  profile: Pick<Profile, "protocol" | "traits">;
  /** The upstream's model id. */
  model: string;
  /** Only plain text is wanted: the upstream refused reasoning that it could not read itself (rule 6.4). */
  withoutOpaqueReasoning?: boolean;
  /** The budget of the whole request. */
  envelopes: EnvelopeBudget;
  notes: RequestNotes;
}

/** The content of an assistant turn's thinking blocks for this upstream (rule 6.3). */
export interface TurnReasoning {
  /** Plain text of all blocks, for upstreams that take reasoning as text. */
  text: string;
  /** `reasoning_details` in order; null if there are none, which is not the same as an empty list. */
  details: unknown[] | null;
  /** gemini: thought signatures by tool use id. */
  signatures: Map<string, string>;
  /** `reasoning_opaque`; the last one if there are several. */
  opaque: string | null;
  /** At least one block was made by this upstream. */
  isOwn: boolean;
}

/** For a turn without thinking blocks. */
export const noReasoning: TurnReasoning = {
  text: "",
  details: null,
  signatures: new Map(),
  opaque: null,
  isOwn: false,
};

/** Reads the blocks; leaves out opaque parts that another family made, or whose text was edited. */
export function readReasoning(blocks: readonly ReasoningBlock[], reader: ReasoningReader): TurnReasoning {
  const reasoning: TurnReasoning = { ...noReasoning, signatures: new Map() };
  const texts: string[] = [];
  const isForAnthropic = reader.profile.traits.reasoning.envelopeFamily === "or-anthropic";
  for (const block of blocks) {
    const visibleText = block.type === "thinking" ? block.thinking : "";
    const signature = block.type === "thinking" ? (block.signature ?? "") : block.data;
    const envelope = decodeEnvelope(signature, reader.envelopes);
    const text = visibleText || (envelope?.text ?? "");
    if (text !== "") texts.push(text);
    if (envelope !== null) addEnvelope(reasoning, envelope, visibleText, reader);
    else if (signature.startsWith(envelopePrefix)) noteIfUsedUp(reader);
    else if (signature !== "" && isForAnthropic && !reader.withoutOpaqueReasoning) {
      addAnthropicBlock(reasoning, block);
    }
  }
  return { ...reasoning, text: texts.join("\n\n") };
}

function addEnvelope(
  reasoning: TurnReasoning,
  envelope: ReasoningEnvelope,
  visibleText: string,
  reader: ReasoningReader,
): void {
  const { protocol, traits } = reader.profile;
  const { envelopeFamily: family } = traits.reasoning;
  if (!isOwnReasoning(envelope, { protocol, family, model: reader.model })) return;
  reasoning.isOwn = true;
  const isEdited = visibleText !== "" && envelope.hash !== hashVisibleThinking(visibleText);
  if (isEdited || reader.withoutOpaqueReasoning) return;
  if (envelope.details !== undefined) {
    const text = envelope.text ?? visibleText;
    const writtenOut = text.length * countReferences(envelope.details);
    if (writtenOut > reader.envelopes.bytes) {
      reader.envelopes.bytes = 0;
      noteIfUsedUp(reader);
      return;
    }
    reader.envelopes.bytes -= writtenOut;
    reasoning.details ??= [];
    addAll(reasoning.details, resolveDetails(envelope.details, text));
  }
  reasoning.opaque = envelope.opaque ?? reasoning.opaque;
  for (const [id, signature] of envelope.toolSignatures ?? []) reasoning.signatures.set(id, signature);
}

/** A client that only sends back what it received never uses up the budget. */
function noteIfUsedUp({ envelopes, notes }: ReasoningReader): void {
  if (envelopes.bytes === 0) notes.mended.add("opaque reasoning was left out: the signatures hold too much");
}

/** Adds thinking that the real Claude signed, in OpenRouter's form. */
function addAnthropicBlock(reasoning: TurnReasoning, block: ReasoningBlock): void {
  const format = "anthropic-claude-v1";
  reasoning.details ??= [];
  if (block.type === "redacted_thinking") {
    reasoning.details.push({ type: "reasoning.encrypted", data: block.data, format });
  } else {
    const { thinking: text, signature } = block;
    const index = reasoning.details.length;
    reasoning.details.push({ type: "reasoning.text", text, signature, format, index });
  }
}
