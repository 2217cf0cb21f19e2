import { isJsonObject, type JsonObject, nonEmptyString } from "../../json/json-value.ts";
import type { ChatDelta } from "../../openai/chat-response.ts";

/** How a family repeats itself (rule 3.3). */
export interface ReasoningQuirks {
  /** A text that starts with all text so far is a snapshot of it: only the rest is new (minimax). */
  reasoningSnapshots: boolean;
  /** A text equal to the one before is a repetition (xai). */
  repeatsReasoning: boolean;
}

/**
 * Reads the reasoning out of deltas: the new text, and the `reasoning_details` that have to go back to the
 * upstream unchanged. Servers send the same text in up to three fields; one of them is taken.
 */
export class ReasoningCollector {
  readonly #quirks: ReasoningQuirks;
  #details: unknown[] = [];
  #hasDetails = false;
  /** All text since the last carrier, where a snapshot may be compared with it; else "". */
  #text = "";
  #lastText = "";

  constructor(quirks: ReasoningQuirks) {
    this.#quirks = quirks;
  }

  /** Details that no block has carried yet. */
  get hasPendingDetails(): boolean {
    return this.#details.length > 0;
  }

  /** Takes the details for a carrier; undefined when the upstream sent none at all. */
  takeDetails(): unknown[] | undefined {
    const details = this.#details;
    this.#details = [];
    this.#text = "";
    return this.#hasDetails ? details : undefined;
  }

  /** Returns the reasoning text that is new with this delta. */
  push(delta: ChatDelta): string {
    const fromDetails = this.#pushDetails(delta.reasoning_details);
    const text =
      fromDetails ?? nonEmptyString(delta.reasoning_content) ?? nonEmptyString(delta.reasoning) ?? "";
    return this.pushText(text);
  }

  /** The same for reasoning that came as a part of the content. */
  pushText(text: string): string {
    if (text === "") return "";
    const fresh = this.#withoutRepetition(text);
    if (this.#quirks.reasoningSnapshots) this.#text += fresh;
    this.#lastText = text;
    return fresh;
  }

  #withoutRepetition(text: string): string {
    if (this.#quirks.reasoningSnapshots && isSnapshot(text, this.#text)) {
      return text.slice(this.#text.length);
    }
    return this.#quirks.repeatsReasoning && text === this.#lastText ? "" : text;
  }

  /** Returns the visible text of the details, or undefined when they carry none. */
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

  /** Streams cut one `reasoning.text` into many: neighbours of the same index or id become one again. */
  #add(detail: JsonObject): void {
    const last = this.#details.at(-1);
    if (!isJsonObject(last) || !areNeighbours(last, detail)) {
      this.#details.push({ ...detail });
      return;
    }
    const before = nonEmptyString(last["text"]) ?? "";
    const text = nonEmptyString(detail["text"]) ?? "";
    const replacesText = this.#quirks.reasoningSnapshots && isSnapshot(text, before);
    last["text"] = replacesText ? text : before + text;
    for (const member of ["signature", "format", "id"]) last[member] ??= detail[member];
    for (const member of ["signature", "format", "id"]) if (last[member] === undefined) delete last[member];
  }
}

/** The lengths are compared first: a long text so far would be read over with every piece. */
function isSnapshot(text: string, soFar: string): boolean {
  return soFar !== "" && text.length >= soFar.length && text.startsWith(soFar);
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
