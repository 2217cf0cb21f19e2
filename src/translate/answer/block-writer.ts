import type { MessageBlock } from "../../anthropic/message.ts";
import type { StreamEvent } from "../../anthropic/stream-event.ts";
import type { Profile } from "../../profiles/profile.ts";
import type { AnswerPlan } from "./answer-plan.ts";
import type { AnswerRoom } from "./answer-room.ts";
import type { CallCut } from "./calls/call-cut.ts";
import type { BegunCall } from "./calls/call-slot.ts";
import { ToolCalls } from "./calls/tool-calls.ts";
import { CitedSources } from "./cited-sources.ts";
import { ContentBlocks } from "./content-blocks.ts";
import { OutputText } from "./output-text.ts";
import type { PendingReasoning } from "./pending-reasoning.ts";
import { ReasoningWriter } from "./reasoning-writer.ts";
import { CallRescue } from "./text/call-rescue.ts";
import { WaitingText } from "./text/waiting-text.ts";

export interface BlockWriterOptions {
  plan: AnswerPlan;
  profile: Pick<Profile, "protocol" | "traits">;
  newId: (prefix: "toolu" | "srvtoolu") => string;
  holdsToolArguments: boolean;
  reasoning: PendingReasoning;
  room: AnswerRoom;
  warn: (text: string) => void;
}

/**
 * Writes reasoning, text and tool calls as content blocks, one open at a time (rules 4.3 to 4.6): each has a writer of
 * its own, and this object decides which block is open.
 */
export class BlockWriter {
  readonly #options: BlockWriterOptions;
  readonly #blocks = new ContentBlocks();
  readonly #thinking: ReasoningWriter;
  readonly #tools: ToolCalls;
  readonly #sources: CitedSources;
  readonly #rescue: CallRescue;
  readonly #waiting = new WaitingText();
  /** All visible text, reasoning and tool arguments so far. */
  readonly outputText = new OutputText();

  constructor(options: BlockWriterOptions) {
    const { plan, profile, newId, room, warn } = options;
    this.#options = options;
    this.#thinking = new ReasoningWriter(this.#blocks, options);
    this.#rescue = new CallRescue(profile.traits.answer, plan.tools);
    this.#sources = new CitedSources(plan.webSearchQuery, options);
    this.#tools = new ToolCalls(
      { plan, newToolId: () => newId("toolu"), holdsArguments: options.holdsToolArguments, room },
      {
        start: (call) => this.#startTool(call),
        arguments: (json) => this.#addArguments(json),
        stop: () => this.#blocks.stop(),
        warn,
      },
    );
  }

  /** How many calls the upstream has begun, and how many were started on the client's wire. */
  get calls(): Readonly<Pick<ToolCalls, "begun" | "written">> {
    return this.#tools;
  }

  get webSearches(): number {
    return this.#sources.searches;
  }

  /** Nothing was written and nothing is held. */
  get isEmpty(): boolean {
    const isHolding = this.#rescue.isHolding || !this.#waiting.isEmpty;
    return this.outputText.isEmpty && !isHolding && this.#blocks.count === 0 && this.#tools.begun === 0;
  }

  /** Events made since the last call. */
  take(): StreamEvent[] {
    return this.#blocks.take();
  }

  /** Returns the new part of a reasoning text: some families repeat themselves. */
  takeNewReasoning(text: string): string {
    return this.#thinking.takeNew(text);
  }

  /** gemini: the signature of a text. */
  sign(signature: string): void {
    this.#thinking.sign(signature);
  }

  /** The pages of the answer's searches. */
  get sources(): Pick<CitedSources, "add" | "addFound" | "noteQuery"> {
    return this.#sources;
  }

  writeReasoning(text: string): void {
    this.#showReasoning(this.#rescue.pushReasoning(text));
  }

  writeText(text: string): void {
    this.#showText(this.#rescue.pushText(text));
  }

  /** A call follows, so held text that might have been the beginning of one is plain text, or reasoning. */
  expectCall(): void {
    this.#showReasoning(this.#rescue.endReasoning());
    this.#showText(this.#rescue.endText());
  }

  beginCall(): BegunCall {
    return this.#tools.begin();
  }

  /** Ends an open text or thinking block, so that later content gets a block of its own, and writes held reasoning. */
  endItem(): void {
    this.#endBlock();
    if (this.#blocks.open === null) this.#thinking.writeHeld();
  }

  #endBlock(): void {
    if (this.#blocks.open === "thinking") this.#thinking.close();
    else if (this.#blocks.open === "text") this.#blocks.stop();
  }

  /** Closes everything. Throws UpstreamError if a tool call broke off unexpectedly; that block stays open. */
  finish(cut: CallCut): void {
    const { reasoning, calls, text } = this.#rescue.finish();
    this.#showReasoning(reasoning);
    this.#showText(text);
    for (const { name, arguments: json } of calls)
      this.#tools.begin().push({ id: null, name, arguments: json, thoughtSignature: null });
    if (calls.length > 0) this.#options.warn("tool calls written into the text were taken for calls");
    this.#tools.finish(cut);
    if (!this.#waiting.isEmpty) this.#startText("");
    this.#endBlock();
    this.#thinking.carry(null);
    this.#writeAll(this.#sources.take());
  }

  #showText(text: string): void {
    if (text === "") return;
    this.outputText.add(text);
    if (this.#blocks.open === "text") {
      this.#blocks.delta({ type: "text_delta", text });
      return;
    }
    const hasWords = this.#waiting.hasWords || text.trim() !== "";
    if (hasWords) this.#showReasoning(this.#rescue.endReasoning());
    if (hasWords && this.#tools.closeForText()) this.#startText(text);
    else this.#waiting.add(text, hasWords);
  }

  /** Opens a text block for the waiting text and `text`. */
  #startText(text: string): void {
    const held = this.#waiting.take();
    this.#options.room.takeBlock();
    this.#endBlock();
    this.#thinking.carry(null);
    this.#writeAll(this.#sources.take());
    this.#blocks.start({ type: "text", text: "", citations: null });
    this.#blocks.delta({ type: "text_delta", text: held + text });
  }

  #showReasoning(text: string): void {
    if (text === "") return;
    this.outputText.add(text);
    if (this.#blocks.open === "tool_use" && !this.#tools.closeForText()) {
      this.#thinking.hold(text);
      return;
    }
    if (this.#blocks.open !== "thinking") {
      this.#options.room.takeBlock();
      this.#endBlock();
    }
    this.#thinking.write(text);
  }

  #startTool(call: { id: string; name: string; thoughtSignature: string | null }): void {
    this.#waiting.dropBlanks();
    this.#endBlock();
    this.#thinking.carry(call.thoughtSignature === null ? null : [call.id, call.thoughtSignature]);
    this.#blocks.start({ type: "tool_use", id: call.id, name: call.name, input: {} });
  }

  #addArguments(json: string): void {
    this.outputText.add(json);
    this.#blocks.delta({ type: "input_json_delta", partial_json: json });
  }

  #writeAll(blocks: readonly MessageBlock[]): void {
    for (const block of blocks) this.#blocks.whole(block);
  }
}
