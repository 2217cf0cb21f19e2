import { type EnvelopeContent, encodeEnvelope } from "../reasoning/encode-envelope.ts";
import { carriesText, type EnvelopeProfile, familyOfEnvelope } from "../reasoning/family-of-envelope.ts";
import type { AnswerPlan } from "./answer-plan.ts";
import type { AnswerRoom } from "./answer-room.ts";
import type { ContentBlocks } from "./content-blocks.ts";
import { GatheredText } from "./gathered-text.ts";
import type { PendingReasoning, ReturnedReasoning } from "./pending-reasoning.ts";
import { ReasoningRepeats } from "./reasoning-repeats.ts";

/** `[tool use id, thought signature]`; the id is "" for a signature that came with text. */
export type ToolSignature = [id: string, signature: string];

export interface ReasoningWriterOptions {
  plan: Pick<AnswerPlan, "model" | "thinkingDisplay">;
  profile: EnvelopeProfile;
  /** The reasoning besides the text that must go back to the upstream. */
  reasoning: PendingReasoning;
  room: AnswerRoom;
}

/**
 * Writes reasoning as blocks. Visible reasoning becomes thinking blocks. Everything that must go back to the upstream
 * becomes their signature or, without a thinking block, a redacted one (rules 4.4 and 6.1).
 */
export class ReasoningWriter {
  readonly #blocks: ContentBlocks;
  readonly #options: ReasoningWriterOptions;
  readonly #repeats: ReasoningRepeats;
  /** Text of the open thinking block, shown or not. */
  readonly #text = new GatheredText();
  /** Reasoning that came while a tool call was open. */
  readonly #held = new GatheredText();
  /** gemini: signatures that came with text and that no block has carried yet. */
  #textSignatures: ToolSignature[] = [];

  constructor(blocks: ContentBlocks, options: ReasoningWriterOptions) {
    this.#blocks = blocks;
    this.#options = options;
    this.#repeats = new ReasoningRepeats(options.profile.traits.reasoning);
  }

  /** Returns the new part of a text: some families repeat themselves. */
  takeNew(text: string): string {
    return this.#repeats.takeNew(text);
  }

  /** Continues the open thinking block, or starts one; no other block may be open. */
  write(text: string): void {
    if (this.#blocks.open !== "thinking")
      this.#blocks.start({ type: "thinking", thinking: "", signature: "" });
    this.#text.add(text);
    if (this.#isShown) this.#blocks.delta({ type: "thinking_delta", thinking: text });
  }

  /** gemini: holds the signature of a text for the next boundary between blocks. */
  sign(signature: string): void {
    this.#options.room.takeValue([signature]);
    this.#textSignatures.push(["", signature]);
  }

  /** Holds reasoning for the next boundary between blocks: a tool call cannot be interrupted. */
  hold(text: string): void {
    this.#held.add(text);
  }

  /** Ends the open thinking block with its one signature. */
  close(): void {
    const text = this.#text.take();
    const signature = this.#encode({
      visibleText: this.#isShown ? text : "",
      hiddenText: this.#isShown ? undefined : text,
      ...this.#takePending(),
    });
    this.#blocks.delta({ type: "signature_delta", signature });
    this.#blocks.stop();
  }

  /** Between two blocks: writes held reasoning as a block of its own. */
  writeHeld(): void {
    if (this.#held.isEmpty) return;
    this.write(this.#held.take());
    this.close();
  }

  /** Between two blocks: writes held reasoning, and opaque reasoning that no thinking block carried. */
  carry(toolSignature: ToolSignature | null): void {
    this.writeHeld();
    const { isPending } = this.#options.reasoning;
    const toolSignatures = [...this.#textSignatures, ...(toolSignature === null ? [] : [toolSignature])];
    this.#textSignatures = [];
    if (!isPending && toolSignatures.length === 0) return;
    const data = this.#encode({
      visibleText: "",
      ...(isPending && this.#takePending()),
      toolSignatures: toolSignatures.length === 0 ? undefined : toolSignatures,
    });
    this.#blocks.whole({ type: "redacted_thinking", data });
  }

  #takePending(): ReturnedReasoning {
    this.#repeats.beginAnew();
    return this.#options.reasoning.take();
  }

  get #isShown(): boolean {
    return this.#options.plan.thinkingDisplay === "shown";
  }

  #encode(content: Omit<EnvelopeContent, "family" | "model">): string {
    const { plan, profile } = this.#options;
    const family = familyOfEnvelope(profile, content.details);
    const hiddenText = carriesText(family) ? content.hiddenText : undefined;
    return encodeEnvelope({ ...content, family, model: plan.model, hiddenText });
  }
}
