import type { StreamEvent } from "../../anthropic/stream-event.ts";
import { isJsonObject, nonEmptyString } from "../../json/json-value.ts";
import type { Profile } from "../../profiles/profile.ts";
import { findThoughtSignature } from "../../protocols/chat/answer/find-thought-signature.ts";
import { readContentParts } from "../../protocols/chat/answer/read-content-parts.ts";
import { ReasoningCollector } from "../../protocols/chat/answer/reasoning-collector.ts";
import { ToolCallReader } from "../../protocols/chat/answer/tool-call-reader.ts";
import type { ChatDelta } from "../../protocols/chat/chat-response.ts";
import type { AnswerPlan } from "./answer-plan.ts";
import type { AnswerRoom } from "./answer-room.ts";
import type { CallCut } from "./calls/call-cut.ts";
import { ToolCalls } from "./calls/tool-calls.ts";
import { CitedSources } from "./cited-sources.ts";
import { ContentBlocks } from "./content-blocks.ts";
import { GatheredText } from "./gathered-text.ts";
import { OutputText } from "./output-text.ts";
import { ReasoningWriter } from "./reasoning-writer.ts";
import { CallRescue } from "./text/call-rescue.ts";
import type { LoneThinkTag } from "./text/lone-tag-watch.ts";
import type { TextPiece } from "./text/think-tags.ts";
import { VisibleText } from "./text/visible-text.ts";
import { WaitingText } from "./text/waiting-text.ts";

export interface AnswerContentOptions {
  plan: AnswerPlan;
  profile: Profile;
  newId: (prefix: "toolu" | "srvtoolu") => string;
  holdsToolArguments: boolean;
  loneThinkTag?: LoneThinkTag | undefined;
  warn: (text: string) => void;
  room: AnswerRoom;
}

/**
 * Turns the deltas of an answer into content blocks, one open at a time (rules 4.3 to 4.6): reasoning, text and
 * tool calls each know how to be read, this object decides what is open.
 */
export class AnswerContent {
  readonly #options: AnswerContentOptions;
  readonly #blocks = new ContentBlocks();
  readonly #reasoning: ReasoningCollector;
  readonly #thinking: ReasoningWriter;
  readonly #text: VisibleText;
  readonly #rescue: CallRescue;
  readonly #tools: ToolCalls;
  readonly #calls: ToolCallReader;
  readonly #sources: CitedSources;
  /** All visible text, reasoning and tool arguments so far. */
  readonly outputText = new OutputText();
  readonly #waiting = new WaitingText();
  readonly #refusal = new GatheredText();

  constructor(options: AnswerContentOptions) {
    const { plan, profile } = options;
    this.#options = options;
    this.#reasoning = new ReasoningCollector(profile, options.room);
    this.#thinking = new ReasoningWriter(this.#blocks, { ...options, reasoning: this.#reasoning });
    this.#text = new VisibleText({
      thinkTags: profile.thinkTags,
      dropsLoneThinkTag: profile.loneThinkTag,
      loneThinkTag: (plan.thinkingIsOn && options.loneThinkTag) || null,
      stopSequences: plan.watchesStopSequences ? plan.stopSequences : [],
      prefill: plan.prefill,
    });
    this.#rescue = new CallRescue(profile, plan.tools);
    this.#tools = new ToolCalls(
      {
        plan,
        newToolId: () => options.newId("toolu"),
        holdsArguments: options.holdsToolArguments,
        room: options.room,
      },
      {
        start: (call) => this.#startTool(call),
        arguments: (json) => this.#addArguments(json),
        stop: () => this.#blocks.stop(),
        warn: options.warn,
      },
    );
    this.#calls = new ToolCallReader(() => this.#tools.begin(), options.room);
    this.#sources = new CitedSources(plan.webSearchQuery, options);
  }

  /** How many calls the upstream has begun, and how many were started on the client's wire. */
  get calls(): Readonly<Pick<ToolCalls, "begun" | "written">> {
    return this.#tools;
  }

  /** Behind this the calls are others, though their numbers and ids may be the same. */
  beginChoice(): void {
    this.#calls.beginChoice();
  }

  get refusalText(): string | null {
    return this.#refusal.isEmpty ? null : this.#refusal.text;
  }

  get stopSequenceHit(): string | null {
    return this.#text.hit;
  }

  get webSearches(): number {
    return this.#sources.searches;
  }

  /** Nothing was made and nothing is waiting to be. */
  get isEmpty(): boolean {
    const isHolding = this.#text.isHolding || this.#rescue.isHolding || !this.#waiting.isEmpty;
    return this.outputText.isEmpty && !isHolding && this.#blocks.count === 0 && this.#tools.begun === 0;
  }

  /** Events made since the last call. */
  take(): StreamEvent[] {
    return this.#blocks.take();
  }

  /**
   * Takes one delta, in the order of rule 4.3. Throws UpstreamError when it holds an impossible tool call or the answer
   * has become too long.
   */
  push(delta: ChatDelta): void {
    const reasoning = this.#thinking.takeNew(this.#reasoning.push(delta));
    this.#options.room.takeText(reasoning);
    if (reasoning !== "") this.#text.noteReasoning();
    this.#pushReasoning(reasoning);
    const signature = findThoughtSignature(delta.extra_content);
    if (signature !== null) this.#thinking.sign(signature);
    this.#sources.push(delta.annotations);
    this.#pushContent(delta.content);
    const refusal = nonEmptyString(delta.refusal) ?? "";
    this.#refusal.add(refusal);
    this.#pushText(refusal);
    if (Array.isArray(delta.images) && delta.images.length > 0) this.#pushText("[image generated]");
    if (delta.audio != null) this.#options.warn("audio was left out");
    this.#pushToolCalls(delta);
  }

  /**
   * Closes everything. Throws as `push` does, and when a tool call broke off unexpectedly, which stays open.
   */
  finish(cut: CallCut): void {
    this.#settleText();
    const { reasoning, calls, text } = this.#rescue.finish();
    this.#writeReasoning(reasoning);
    this.#pushVisible(text);
    for (const { name, arguments: json } of calls)
      this.#tools.begin().push({ id: null, name, arguments: json, thoughtSignature: null });
    if (calls.length > 0) this.#options.warn("tool calls written into the text were taken for calls");
    this.#tools.finish(cut);
    if (!this.#waiting.isEmpty) this.#writeText("");
    this.#closeOpen();
    this.#thinking.carry(null);
    for (const block of this.#sources.take()) this.#blocks.whole(block);
  }

  #pushContent(content: unknown): void {
    if (typeof content === "string") this.#pushText(content);
    else if (Array.isArray(content)) {
      for (const piece of readContentParts(content, this.#options.warn)) {
        if (piece.kind === "text") this.#pushText(piece.text);
        else {
          this.#options.room.takeText(piece.text);
          this.#pushReasoning(this.#thinking.takeNew(piece.text));
        }
      }
    }
  }

  #pushText(text: string): void {
    if (text === "") return;
    this.#options.room.takeText(text);
    // As nearly all text of a stream comes.
    if (this.#text.isSettled) this.#pushVisible(this.#rescue.pushText(text));
    else for (const piece of this.#text.push(text)) this.#pushPiece(piece);
  }

  /** Takes the text that is held for what it looks like now. */
  #settleText(): void {
    for (const piece of this.#text.settle()) this.#pushPiece(piece);
  }

  #pushPiece(piece: TextPiece): void {
    if (piece.kind === "thinking") this.#pushReasoning(this.#thinking.takeNew(piece.text));
    else this.#pushVisible(this.#rescue.pushText(piece.text));
  }

  #pushVisible(text: string): void {
    if (text === "") return;
    this.outputText.add(text);
    if (this.#blocks.open === "text") {
      this.#blocks.delta({ type: "text_delta", text });
      return;
    }
    const hasWords = this.#waiting.hasWords || text.trim() !== "";
    if (hasWords) this.#writeReasoning(this.#rescue.endReasoning());
    if (hasWords && this.#tools.closeForText()) this.#writeText(text);
    else this.#waiting.add(text, hasWords);
  }

  /** Opens a text block for the waiting text and `text`. */
  #writeText(text: string): void {
    const held = this.#waiting.take();
    this.#options.room.takeBlock();
    this.#closeOpen();
    this.#thinking.carry(null);
    for (const block of this.#sources.take()) this.#blocks.whole(block);
    this.#blocks.start({ type: "text", text: "", citations: null });
    this.#blocks.delta({ type: "text_delta", text: held + text });
  }

  #pushReasoning(text: string): void {
    this.#writeReasoning(this.#rescue.pushReasoning(text));
  }

  #writeReasoning(text: string): void {
    if (text === "") return;
    this.outputText.add(text);
    if (this.#blocks.open === "tool_use" && !this.#tools.closeForText()) {
      this.#thinking.hold(text);
      return;
    }
    if (this.#blocks.open !== "thinking") {
      this.#options.room.takeBlock();
      this.#closeOpen();
    }
    this.#thinking.write(text);
  }

  #pushToolCalls(delta: ChatDelta): void {
    const calls = Array.isArray(delta.tool_calls) ? delta.tool_calls : [];
    const older = isJsonObject(delta.function_call) ? delta.function_call : null;
    if (calls.length === 0 && older === null) return;
    // Text that was held because it might have been the beginning of a tag stands before the call.
    this.#settleText();
    this.#writeReasoning(this.#rescue.endReasoning());
    this.#pushVisible(this.#rescue.endText());
    for (const call of calls) if (isJsonObject(call)) this.#calls.push(call);
    if (older !== null) this.#calls.push({ index: 0, function: older });
  }

  #startTool(call: { id: string; name: string; thoughtSignature: string | null }): void {
    this.#waiting.dropBlanks();
    this.#closeOpen();
    this.#thinking.carry(call.thoughtSignature === null ? null : [call.id, call.thoughtSignature]);
    this.#blocks.start({ type: "tool_use", id: call.id, name: call.name, input: {} });
  }

  #addArguments(json: string): void {
    this.outputText.add(json);
    this.#blocks.delta({ type: "input_json_delta", partial_json: json });
  }

  /** Closes an open text or thinking block. Tool calls close themselves. */
  #closeOpen(): void {
    if (this.#blocks.open === "thinking") this.#thinking.close();
    else if (this.#blocks.open === "text") this.#blocks.stop();
  }
}
