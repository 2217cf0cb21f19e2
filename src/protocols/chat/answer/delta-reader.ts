import { isJsonObject, nonEmptyString } from "../../../json/json-value.ts";
import type { AnswerRoom } from "../../../translate/answer/answer-room.ts";
import type { AnswerWriter } from "../../../translate/answer/answer-writer.ts";
import type { ChatDelta } from "../chat-response.ts";
import { findThoughtSignature } from "./find-thought-signature.ts";
import { readCitations } from "./read-citations.ts";
import { readContentParts } from "./read-content-parts.ts";
import type { ReasoningCollector } from "./reasoning-collector.ts";
import { ToolCallReader } from "./tool-call-reader.ts";

/** Reads deltas, and passes their content to the writer of the answer. */
export class DeltaReader {
  readonly #writer: AnswerWriter;
  readonly #reasoning: ReasoningCollector;
  readonly #calls: ToolCallReader;

  constructor(writer: AnswerWriter, reasoning: ReasoningCollector, room: AnswerRoom) {
    this.#writer = writer;
    this.#reasoning = reasoning;
    this.#calls = new ToolCallReader(() => writer.beginCall(), room);
  }

  /**
   * Reads one delta, in the order of rule 4.3. Throws UpstreamError if it contains an impossible tool call or the
   * answer has become too long.
   */
  push(delta: ChatDelta): void {
    const writer = this.#writer;
    const reasoning = this.#reasoning.push(delta);
    if (reasoning !== "") writer.thinking(reasoning);
    const signature = findThoughtSignature(delta.extra_content);
    if (signature !== null) writer.sign(signature);
    if (delta.annotations != null) readCitations(delta.annotations, this.#cite);
    if (typeof delta.content === "string") writer.text(delta.content);
    else if (Array.isArray(delta.content)) this.#pushParts(delta.content);
    const refusal = nonEmptyString(delta.refusal);
    if (refusal !== undefined) writer.refusal(refusal);
    if (Array.isArray(delta.images) && delta.images.length > 0) writer.text("[image generated]");
    if (delta.audio != null) writer.warn("audio was left out");
    this.#pushCalls(delta);
  }

  /** Later calls are new ones, even if their numbers and ids are the same. */
  beginChoice(): void {
    this.#calls.beginChoice();
  }

  #pushParts(parts: readonly unknown[]): void {
    for (const { kind, text } of readContentParts(parts, this.#warn)) {
      if (kind === "text") this.#writer.text(text);
      else this.#writer.thinkingInText(text);
    }
  }

  #pushCalls({ tool_calls, function_call }: ChatDelta): void {
    const calls = Array.isArray(tool_calls) ? tool_calls : [];
    const older = isJsonObject(function_call) ? function_call : null;
    if (calls.length === 0 && older === null) return;
    // This comes before the first call is read, which may be impossible.
    this.#writer.expectCall();
    for (const call of calls) if (isJsonObject(call)) this.#calls.push(call);
    if (older !== null) this.#calls.push({ index: 0, function: older });
  }

  readonly #cite = (url: string, title: string): void => this.#writer.cite(url, title);

  readonly #warn = (text: string): void => this.#writer.warn(text);
}
