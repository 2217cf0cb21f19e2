import { isJsonObject, type JsonObject, nonEmptyString } from "../../../json/json-value.ts";
import type { AnswerRoom } from "../../../translate/answer/answer-room.ts";
import type { PendingReasoning, ReturnedReasoning } from "../../../translate/answer/pending-reasoning.ts";
import type { OutputRecord } from "./output-record.ts";

/** Collects the reasoning items whose encrypted content must go back to the upstream (rule 23.3). */
export class ReasoningItems implements PendingReasoning {
  readonly #room: AnswerRoom;
  #details: JsonObject[] = [];

  constructor(room: AnswerRoom) {
    this.#room = room;
  }

  get isPending(): boolean {
    return this.#details.length > 0;
  }

  take(): ReturnedReasoning {
    const details = this.#details;
    this.#details = [];
    return { details: details.length === 0 ? undefined : details, opaque: undefined };
  }

  /**
   * Takes a reasoning item that is whole. The first encrypted content counts: that of the terminal event is the same,
   * encrypted anew. Throws UpstreamError if the answer has become too long.
   */
  add(record: OutputRecord, item: JsonObject): void {
    const encrypted = nonEmptyString(item["encrypted_content"]);
    if (encrypted === undefined || record.detail !== null || record.isUncarried) return;
    if (repeatsText(item, encrypted)) return;
    const detail: JsonObject = { type: "reasoning" };
    for (const member of ["id", "encrypted_content", "format", "signature"]) {
      if (item[member] != null) detail[member] = item[member];
    }
    this.#room.takeValue(detail);
    record.detail = detail;
    this.#details.push(detail);
  }

  /** A call of the upstream's own follows a reasoning item. It does not go back, and the item is refused without it. */
  drop(record: OutputRecord): void {
    record.isUncarried = true;
    const place = record.detail === null ? -1 : this.#details.lastIndexOf(record.detail);
    if (place !== -1) this.#details.splice(place, 1);
  }
}

/** Ollama puts the text that is shown into `encrypted_content`, too. */
function repeatsText({ summary, content }: JsonObject, encrypted: string): boolean {
  return [summary, content].some((parts) => Array.isArray(parts) && textOf(parts) === encrypted);
}

function textOf(parts: readonly unknown[]): string {
  return parts.map((part) => (isJsonObject(part) && nonEmptyString(part["text"])) || "").join("");
}
