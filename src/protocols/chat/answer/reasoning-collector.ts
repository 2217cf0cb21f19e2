import { isJsonObject, type JsonObject, nonEmptyString } from "../../../json/json-value.ts";
import type { Profile } from "../../../profiles/profile.ts";
import type { AnswerRoom } from "../../../translate/answer/answer-room.ts";
import { GatheredText } from "../../../translate/answer/gathered-text.ts";
import type { PendingReasoning, ReturnedReasoning } from "../../../translate/answer/pending-reasoning.ts";
import { isSnapshot } from "../../../translate/answer/reasoning-repeats.ts";
import type { ChatDelta } from "../chat-response.ts";

/**
 * Reads the reasoning in deltas: its text, and the `reasoning_details` that must go back to the upstream unchanged.
 * Servers send the same text in up to three members; only one of them is used.
 */
export class ReasoningCollector implements PendingReasoning {
  readonly #returnsOpaque: boolean;
  readonly #sendsSnapshots: boolean;
  #details: JsonObject[] = [];
  /** The text of the last detail, to which pieces may still be added. */
  readonly #lastDetailText = new GatheredText();
  #hasDetails = false;
  /** The last one received. */
  #opaque: string | undefined;
  #isOpaqueTaken = true;
  readonly #room: AnswerRoom;

  constructor({ traits, chat }: Profile, room: AnswerRoom) {
    this.#returnsOpaque = chat.reasoning.returnedAs === "opaque";
    this.#sendsSnapshots = traits.reasoning.sendsSnapshots;
    this.#room = room;
  }

  get isPending(): boolean {
    return this.#details.length > 0 || !this.#isOpaqueTaken;
  }

  take(): ReturnedReasoning {
    this.#settleLast();
    const details = this.#hasDetails ? this.#details : undefined;
    const opaque = this.#isOpaqueTaken ? undefined : this.#opaque;
    this.#details = [];
    this.#isOpaqueTaken = true;
    return { details, opaque };
  }

  /** Returns the reasoning text of a delta. */
  push(delta: ChatDelta): string {
    const fromDetails = this.#pushDetails(delta.reasoning_details);
    const text = fromDetails ?? reasoningTextOf(delta) ?? "";
    if (this.#returnsOpaque) this.#pushOpaque(nonEmptyString(delta.reasoning_opaque));
    return text;
  }

  /** Servers that send it with every chunk always mean the same one. */
  #pushOpaque(opaque: string | undefined): void {
    if (opaque === undefined || opaque === this.#opaque) return;
    this.#room.takeText(opaque);
    this.#opaque = opaque;
    this.#isOpaqueTaken = false;
  }

  /** Returns the visible text of the details, or undefined if they contain none. */
  #pushDetails(details: unknown): string | undefined {
    if (!Array.isArray(details)) return undefined;
    this.#hasDetails = true;
    let text: string | undefined;
    for (const detail of details) {
      if (!isJsonObject(detail)) continue;
      const detailText = visibleTextOf(detail);
      if (detailText !== undefined) text = (text ?? "") + detailText;
      this.#add(detail);
    }
    return text;
  }

  /** Streams cut one `reasoning.text` into many: neighbours with the same index or id are joined again. */
  #add(detail: JsonObject): void {
    const last = this.#details.at(-1);
    if (last === undefined || !areNeighbours(last, detail)) {
      this.#settleLast();
      this.#room.takeValue(detail);
      this.#details.push({ ...detail });
      return;
    }
    const before = this.#lastDetailText;
    if (before.isEmpty) before.add(nonEmptyString(last["text"]) ?? "");
    last["text"] = "";
    const text = nonEmptyString(detail["text"]) ?? "";
    const isReplaced = this.#sendsSnapshots && isSnapshot(text, before);
    const fresh = isReplaced ? text.slice(before.length) : text;
    this.#room.takeText(fresh);
    before.add(fresh);
    for (const member of ["signature", "format", "id"]) {
      const value = detail[member];
      if (last[member] != null || value === undefined) continue;
      this.#room.takeValue(value);
      last[member] = value;
    }
  }

  /** Sets the text of the last detail to the joined pieces. */
  #settleLast(): void {
    const last = this.#details.at(-1);
    if (last !== undefined && !this.#lastDetailText.isEmpty) last["text"] = this.#lastDetailText.take();
  }
}

/** The reasoning text of a delta in a member of its own; servers that fill several repeat themselves. */
export function reasoningTextOf(delta: ChatDelta): string | undefined {
  const { reasoning_content, reasoning, reasoning_text } = delta;
  return nonEmptyString(reasoning_content) ?? nonEmptyString(reasoning) ?? nonEmptyString(reasoning_text);
}

function visibleTextOf(detail: JsonObject): string | undefined {
  if (detail["type"] === "reasoning.text") return nonEmptyString(detail["text"]);
  if (detail["type"] === "reasoning.summary") return nonEmptyString(detail["summary"]);
  return undefined;
}

function areNeighbours(last: JsonObject, detail: JsonObject): boolean {
  if (last["type"] !== "reasoning.text" || detail["type"] !== "reasoning.text") return false;
  const sameId = last["id"] == null || detail["id"] == null || last["id"] === detail["id"];
  return last["index"] === detail["index"] && sameId;
}
