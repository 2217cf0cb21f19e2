import { type JsonObject, nonEmptyString } from "../../../json/json-value.ts";
import type { AnswerRoom } from "../../../translate/answer/answer-room.ts";
import type { ResponseEvent } from "../response-event.ts";
import { type ItemKind, kindOfItem } from "./item-kind.ts";
import { OutputRecord } from "./output-record.ts";

/** The records of one kind, in the order in which they began. */
interface Rank {
  records: OutputRecord[];
  /** Before this place all are done. */
  firstOpen: number;
  /** How many the terminal event has listed. */
  listed: number;
}

/**
 * The output items of one answer, and which of them an event or a listed item belongs to (rules 24.3 and 24.7). Ids are
 * not compared where there is an index: GitHub Copilot gives every event another one.
 */
export class OutputRecords {
  readonly #room: AnswerRoom;
  readonly #ranks = new Map<ItemKind, Rank>();
  readonly #byIndex = new Map<number, OutputRecord>();
  /** By the id of an item, and by that of a call: llama.cpp names either. */
  readonly #byId = new Map<string, OutputRecord>();
  /** The one that was found last, which is that of nearly all events. */
  #last: OutputRecord | null = null;
  /** The one that began last. */
  #newest: OutputRecord | null = null;

  constructor(room: AnswerRoom) {
    this.#room = room;
  }

  /** All, kind by kind. */
  all(kind: ItemKind): readonly OutputRecord[] {
    return this.#ranks.get(kind)?.records ?? [];
  }

  /** The record that began last, or null. */
  get newest(): OutputRecord | null {
    return this.#newest;
  }

  /** The record of an event about an item of this kind; null if none has begun. */
  find({ output_index: index, item_id: id }: ResponseEvent, kind: ItemKind): OutputRecord | null {
    const last = this.#last;
    if (typeof index === "number") {
      if (last !== null && last.index === index && last.kind === kind) return last;
      return this.#found(this.#byIndex.get(index), kind);
    }
    if (typeof id === "string") return this.#found(this.#byId.get(id), kind);
    return this.#ranks.get(kind)?.records.at(-1) ?? null;
  }

  /** The record of an item that is announced; null for a new one, also where another call has its index. */
  findAnnounced(event: ResponseEvent, item: JsonObject): OutputRecord | null {
    const kind = kindOfItem(item["type"]);
    const known = hasKey(event, item) ? this.#findItem(event, item, kind) : null;
    const callId = nonEmptyString(item["call_id"]);
    const isAnother = known?.callId != null && callId !== undefined && callId !== known.callId;
    return isAnother ? null : known;
  }

  /** The record of an item that is whole; null if none has begun. */
  findDone(event: ResponseEvent, item: JsonObject): OutputRecord | null {
    const kind = kindOfItem(item["type"]);
    if (hasKey(event, item)) return this.#findItem(event, item, kind);
    // llama.cpp ends all items at once, without their ids: they end in the order in which they began.
    const rank = this.#ranks.get(kind);
    if (rank === undefined) return null;
    while (rank.records[rank.firstOpen]?.isDone === true) rank.firstOpen += 1;
    return rank.records[rank.firstOpen] ?? rank.records.at(-1) ?? null;
  }

  /** The record of an item at a place of the terminal event's list; null if nothing of it has come. */
  findListed(place: number, item: JsonObject): OutputRecord | null {
    const kind = kindOfItem(item["type"]);
    const rank = this.#ranks.get(kind);
    if (rank === undefined) return null;
    const ranked = rank.records[rank.listed];
    rank.listed += 1;
    const callId = nonEmptyString(item["call_id"]);
    const ofCall = callId === undefined ? undefined : this.#byId.get(callId);
    const atPlace = this.#byIndex.get(place);
    const isOther = callId !== undefined && atPlace?.callId != null && atPlace.callId !== callId;
    const candidates = [isOther ? undefined : atPlace, ofCall, this.#byId.get(idOf(item)), ranked];
    return candidates.find((record) => record?.kind === kind && !record.isListed) ?? null;
  }

  /** Begins a record. Throws UpstreamError if the answer has become too long. */
  begin(kind: ItemKind, { output_index, item_id }: ResponseEvent, item: JsonObject): OutputRecord {
    const index = typeof output_index === "number" ? output_index : null;
    const record = new OutputRecord(kind, index, this.#room);
    const rank = this.#ranks.get(kind) ?? { records: [], firstOpen: 0, listed: 0 };
    this.#ranks.set(kind, rank);
    rank.records.push(record);
    if (index !== null) this.#byIndex.set(index, record);
    else if (typeof item_id === "string") this.#note(item_id, record);
    this.#note(idOf(item), record);
    const callId = nonEmptyString(item["call_id"]);
    if (callId !== undefined) this.noteCallId(record, callId);
    this.#last = record;
    this.#newest = record;
    return record;
  }

  /** Records the id of a call. The first one counts. */
  noteCallId(record: OutputRecord, callId: string): void {
    if (record.callId !== null) return;
    record.callId = callId;
    this.#note(callId, record);
  }

  #note(id: string, record: OutputRecord): void {
    if (id === "") return;
    this.#room.takeText(id);
    this.#byId.set(id, record);
  }

  #findItem(event: ResponseEvent, item: JsonObject, kind: ItemKind): OutputRecord | null {
    if (typeof event.output_index === "number") return this.find(event, kind);
    const callId = nonEmptyString(item["call_id"]) ?? "";
    return this.#found(this.#byId.get(idOf(item)) ?? this.#byId.get(callId), kind);
  }

  #found(record: OutputRecord | undefined, kind: ItemKind): OutputRecord | null {
    if (record === undefined || record.kind !== kind) return null;
    this.#last = record;
    return record;
  }
}

/** Whether an event says of which item it is. */
function hasKey({ output_index }: ResponseEvent, item: JsonObject): boolean {
  return (
    typeof output_index === "number" || idOf(item) !== "" || nonEmptyString(item["call_id"]) !== undefined
  );
}

function idOf(item: JsonObject): string {
  return nonEmptyString(item["id"]) ?? "";
}
