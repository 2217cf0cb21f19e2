import { isJsonObject, type JsonObject, nonEmptyString, textOfScalar } from "../../../json/json-value.ts";
import type { AnswerRoom } from "../../../translate/answer/answer-room.ts";
import type { AnswerWriter } from "../../../translate/answer/answer-writer.ts";
import type { RequestedTools } from "../../../translate/tools/requested-tools.ts";
import type { ResponseEvent } from "../response-event.ts";
import { FunctionCall } from "./function-call.ts";
import { type ItemKind, kindOfItem } from "./item-kind.ts";
import type { OutputRecord, PartKind } from "./output-record.ts";
import { OutputRecords } from "./output-records.ts";
import type { ReasoningItems } from "./reasoning-items.ts";
import { SpokenTexts } from "./spoken-texts.ts";
import { WebSearches } from "./web-searches.ts";

export interface EventReaderOptions {
  writer: AnswerWriter;
  reasoning: ReasoningItems;
  room: AnswerRoom;
  /** By the name sent upstream. */
  tools: RequestedTools;
  /** Opens the reasoning in a text with which the answer begins, if the text is whole and only closes it. */
  openReasoning: (text: string) => string;
}

const noMembers: JsonObject = {};

/** Reads response events and output items, and passes their content to the writer of the answer (rule 24.2). */
export class EventReader {
  readonly #options: EventReaderOptions;
  readonly #records: OutputRecords;
  readonly #texts: SpokenTexts;
  readonly #searches: WebSearches;

  constructor(options: EventReaderOptions) {
    this.#options = options;
    this.#records = new OutputRecords(options.room);
    this.#texts = new SpokenTexts(options.writer, options.openReasoning);
    this.#searches = new WebSearches(options.writer);
  }

  /** How many searches the upstream made. */
  get searches(): number {
    return this.#searches.count;
  }

  /** Reads one event, unless it is the last. Throws UpstreamError if the answer has become too long. */
  push(event: ResponseEvent): void {
    // Nearly all events are one of these.
    switch (event.type) {
      case "response.output_text.delta":
        this.#say(event, "message", "text", event.content_index);
        break;
      case "response.function_call_arguments.delta":
        this.#record(event, "function_call").call?.push(event.delta);
        break;
      case "response.reasoning_summary_text.delta":
        this.#say(event, "reasoning", "summary", event.summary_index);
        break;
      case "response.reasoning_text.delta":
        this.#say(event, "reasoning", "reasoning_text", event.content_index);
        break;
      case "response.refusal.delta":
        this.#say(event, "message", "refusal", event.content_index);
        break;
      default:
        this.#pushOther(event);
    }
  }

  #pushOther(event: ResponseEvent): void {
    const part = isJsonObject(event.part) ? event.part : noMembers;
    switch (event.type) {
      case "response.output_text.done":
        this.#finish(event, "message", "text", event.content_index, event.text);
        break;
      case "response.refusal.done":
        this.#finish(event, "message", "refusal", event.content_index, event.refusal);
        break;
      case "response.reasoning_summary_text.done":
        this.#finish(event, "reasoning", "summary", event.summary_index, event.text);
        break;
      case "response.reasoning_summary_part.done":
        this.#finish(event, "reasoning", "summary", event.summary_index, part["text"]);
        break;
      case "response.reasoning_text.done":
        this.#finish(event, "reasoning", "reasoning_text", event.content_index, event.text);
        break;
      case "response.content_part.done":
        this.#finishPart(event, part);
        break;
      case "response.function_call_arguments.done":
        this.#finishArguments(event);
        break;
      case "response.output_text.annotation.added":
        this.#searches.cite(event.annotation);
        break;
      case "response.output_item.added":
        if (isJsonObject(event.item)) this.#announce(event, event.item);
        break;
      case "response.output_item.done":
        if (isJsonObject(event.item)) this.#readDone(event, event.item);
    }
  }

  /** Reads the output of the terminal event. `isCompleted`: its calls are complete. Throws as `push` does. */
  readOutput(output: unknown, isCompleted: boolean): void {
    if (!Array.isArray(output)) return;
    for (let place = 0; place < output.length; place += 1) {
      const item: unknown = output[place];
      if (!isJsonObject(item)) continue;
      const record = this.#records.findListed(place, item) ?? this.#begin({}, kindOfItem(item["type"]), item);
      record.isListed = true;
      this.#readItem(record, item, isCompleted || item["status"] === "completed");
    }
  }

  /** Writes what was held until the end of the answer. Throws as `push` does. */
  finish(): void {
    for (const { call } of this.#records.all("function_call")) call?.finish();
  }

  #say(event: ResponseEvent, kind: ItemKind, part: PartKind, place: unknown): void {
    const { delta } = event;
    if (typeof delta !== "string" || delta === "") return;
    this.#texts.say(this.#record(event, kind).part(part, place), delta);
  }

  #finish(event: ResponseEvent, kind: ItemKind, part: PartKind, place: unknown, text: unknown): void {
    if (typeof text !== "string" || text === "") return;
    this.#texts.finish(this.#record(event, kind).part(part, place), text);
  }

  #finishPart(event: ResponseEvent, part: JsonObject): void {
    if (nonEmptyString(part["text"] ?? part["refusal"]) === undefined) return;
    const kind = part["type"] === "reasoning_text" ? "reasoning" : "message";
    this.#readPart(this.#record(event, kind), part, event.content_index);
  }

  #finishArguments(event: ResponseEvent): void {
    const { call } = this.#record(event, "function_call");
    const hasArguments = call?.fill(event.arguments) === true;
    call?.identify(null, event.name);
    if (hasArguments) call?.complete();
  }

  /** Texts of an item that is announced are not read: all of them come again, in pieces or whole. */
  #announce(event: ResponseEvent, item: JsonObject): void {
    const kind = kindOfItem(item["type"]);
    const record = this.#records.findAnnounced(event, item) ?? this.#begin(event, kind, item);
    if (record.call === null) return;
    this.#noteCallId(record, item);
    record.call.announce(item);
  }

  #readDone(event: ResponseEvent, item: JsonObject): void {
    const kind = kindOfItem(item["type"]);
    const record = this.#records.findDone(event, item) ?? this.#begin(event, kind, item);
    this.#readItem(record, item, item["status"] !== "incomplete");
    record.isDone = true;
  }

  /** Reads an item that is whole. `isComplete`: nothing of it was cut. */
  #readItem(record: OutputRecord, item: JsonObject, isComplete: boolean): void {
    switch (record.kind) {
      case "message":
        this.#readParts(record, item["content"]);
        break;
      case "reasoning":
        this.#readReasoning(record, item);
        break;
      case "function_call":
        this.#noteCallId(record, item);
        // The name comes last: with it, the client gets what there is.
        record.call?.fill(item["arguments"]);
        record.call?.identify(item["call_id"], item["name"]);
        if (isComplete) record.call?.complete();
        break;
      case "web_search_call":
        if (!record.isDone) this.#searches.add(item);
        record.isDone = true;
        break;
      case "other":
        this.#options.writer.warn(`an output item of type ${textOfScalar(item["type"])} was left out`);
    }
  }

  #readReasoning(record: OutputRecord, item: JsonObject): void {
    const summary: unknown[] = Array.isArray(item["summary"]) ? item["summary"] : [];
    for (let place = 0; place < summary.length; place += 1) {
      const part = summary[place];
      if (isJsonObject(part)) this.#texts.finish(record.part("summary", place), part["text"]);
    }
    this.#readParts(record, item["content"]);
    this.#options.reasoning.add(record, item);
  }

  #readParts(record: OutputRecord, content: unknown): void {
    if (!Array.isArray(content)) return;
    for (let place = 0; place < content.length; place += 1) {
      const part: unknown = content[place];
      if (isJsonObject(part)) this.#readPart(record, part, place);
    }
  }

  #readPart(record: OutputRecord, part: JsonObject, place: unknown): void {
    const isRefusal = part["type"] === "refusal";
    const text = isRefusal ? part["refusal"] : part["text"];
    const kind = isRefusal ? "refusal" : record.kind === "reasoning" ? "reasoning_text" : "text";
    this.#searches.citeAll(part["annotations"]);
    if (nonEmptyString(text) !== undefined) this.#texts.finish(record.part(kind, place), text);
  }

  #noteCallId(record: OutputRecord, item: JsonObject): void {
    const callId = nonEmptyString(item["call_id"]);
    if (callId !== undefined) this.#records.noteCallId(record, callId);
  }

  /** The record of an event; an event about an item that was not announced begins it. */
  #record(event: ResponseEvent, kind: ItemKind): OutputRecord {
    return this.#records.find(event, kind) ?? this.#begin(event, kind, noMembers);
  }

  #begin(event: ResponseEvent, kind: ItemKind, item: JsonObject): OutputRecord {
    const { writer, room, tools, reasoning } = this.#options;
    const before = this.#records.newest;
    const record = this.#records.begin(kind, event, item);
    if (kind === "reasoning") this.#texts.beginReasoning();
    else if (kind === "function_call") {
      this.#texts.beginCall();
      const warn = (text: string) => writer.warn(text);
      record.call = new FunctionCall(writer.beginCall(), { room, tools, warn });
    } else if (kind !== "message" && before?.kind === "reasoning") reasoning.drop(before);
    return record;
  }
}
