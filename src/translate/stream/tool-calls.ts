import { isJsonObject, nonEmptyString } from "../../json/json-value.ts";
import type { ToolCallDelta } from "../../openai/chat-response.ts";
import type { AnswerPlan } from "../request/answer-plan.ts";
import type { RequestedTool } from "../request/chat-request-plan.ts";
import type { CallCut } from "../response/map-finish-reason.ts";
import type { AnswerRoom } from "./answer-room.ts";
import { argumentsText, createSlot, isSlotIndex, type Slot } from "./call-slot.ts";
import { DroppedKeys } from "./dropped-keys.ts";
import { findThoughtSignature } from "./find-thought-signature.ts";
import { ToolArguments } from "./tool-arguments.ts";
import { droppedMembersOf, findRequestedTool } from "./tool-call-slot.ts";

/** Where calls are written: the translator closes what is open before a call and carries its signature. */
export interface ToolCallWriter {
  start(call: { id: string; name: string; thoughtSignature: string | null }): void;
  arguments(json: string): void;
  stop(): void;
  warn(text: string): void;
}

export interface ToolCallsOptions {
  /** The ids of the conversation so far may not come again (rule 3.5). */
  plan: Pick<AnswerPlan, "tools" | "usedToolIds">;
  newToolId: () => string;
  /** Hold the arguments of every call until it is complete. */
  holdsArguments: boolean;
  room: AnswerRoom;
}

const clientIdForm = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Puts the deltas of tool calls into slots and writes one call after the other, though upstreams mix them
 * (rule 4.5): the deltas of calls behind the open one are kept until their turn.
 */
export class ToolCalls {
  readonly #options: ToolCallsOptions;
  readonly #writer: ToolCallWriter;
  readonly #slots: Slot[] = [];
  readonly #byIndex = new Map<number, Slot>();
  readonly #byId = new Map<string, Slot>();
  readonly #givenIds = new Set<string>();
  /** Worked out once for each tool: an answer may call one ten thousand times. */
  readonly #dropped = new Map<RequestedTool | null, DroppedKeys>();
  /** Position in `#slots` of the open slot, or of the next one to open. */
  #current = 0;
  #written = 0;

  constructor(options: ToolCallsOptions, writer: ToolCallWriter) {
    this.#options = options;
    this.#writer = writer;
  }

  /** How many calls were started on the client's wire. */
  get written(): number {
    return this.#written;
  }

  /** How many calls the upstream has begun, nameless ones too. */
  get begun(): number {
    return this.#slots.length;
  }

  /**
   * Takes one entry of `delta.tool_calls`. Returns false when its `index` can be none; throws UpstreamError when the
   * answer has become too long.
   */
  push(delta: ToolCallDelta): boolean {
    const index = delta.index ?? null;
    if (index !== null && !isSlotIndex(index)) return false;
    const call = isJsonObject(delta.function) ? delta.function : {};
    const id = nonEmptyString(delta.id) ?? null;
    const name = nonEmptyString(call["name"]) ?? null;
    this.#takeRoom(id, name, delta.extra_content);
    const slot = this.#select(index, id, name);
    if (id !== null && slot.upstreamId === null) this.#setId(slot, id);
    if (name !== null) this.#setName(slot, name);
    slot.thoughtSignature ??= findThoughtSignature(delta.extra_content);
    this.#pushArguments(slot, argumentsText(call["arguments"]));
    this.#advance();
    return true;
  }

  /** True when nothing is open or the open call could be closed, so that text may follow. */
  closeForText(): boolean {
    const slot = this.#slots[this.#current];
    if (slot === undefined) return true;
    if (slot.state !== "open" || !slot.arguments?.isComplete) return false;
    this.#close(slot, "unexpected");
    return this.#slots.length === this.#current;
  }

  /**
   * Ends all calls at the end of the answer. Returns false when a call breaks off unexpectedly: it then stays open
   * and the answer has failed.
   */
  finish(cut: CallCut): boolean {
    while (this.#current < this.#slots.length) {
      const slot = this.#slots[this.#current];
      if (slot === undefined) break;
      if (slot.name === null) {
        this.#writer.warn("a tool call without a name was left out");
        this.#current += 1;
      } else if (!this.#close(slot, this.#isBegun(slot) ? cut : "unexpected")) return false;
    }
    return true;
  }

  /** False for a call that another one followed before it had any arguments: it takes none. */
  #isBegun(slot: Slot): boolean {
    return slot.arguments?.hasText === true || slot === this.#slots.at(-1);
  }

  #select(index: number | null, id: string | null, name: string | null): Slot {
    const known = id === null ? undefined : this.#byId.get(id);
    if (index === null) return known ?? this.#selectWithoutIndex(id, name);
    const slot = this.#byIndex.get(index);
    if (slot === undefined) return this.#create(index);
    if (id !== null && slot.upstreamId !== null && id !== slot.upstreamId) {
      // Every call at index 0 (Gemini, Ollama): another id with a name begins another call.
      return known ?? (name === null ? slot : this.#create(index));
    }
    const beginsAnother =
      name !== null && id === null && slot.name !== null && slot.arguments?.isComplete === true;
    return beginsAnother ? this.#create(index) : slot;
  }

  #selectWithoutIndex(id: string | null, name: string | null): Slot {
    const last = this.#slots.at(-1);
    if (last === undefined || id !== null) return this.#create(null);
    return name !== null && last.arguments?.isComplete === true ? this.#create(null) : last;
  }

  /** For what is kept of a call beside its arguments. */
  #takeRoom(id: string | null, name: string | null, extraContent: unknown): void {
    const { room } = this.#options;
    if (id !== null) room.takeText(id);
    if (name !== null) room.takeText(name);
    if (extraContent != null) room.takeValue(extraContent);
  }

  #create(index: number | null): Slot {
    this.#options.room.takeCall();
    const slot = createSlot();
    this.#slots.push(slot);
    if (index !== null) this.#byIndex.set(index, slot);
    return slot;
  }

  #setId(slot: Slot, id: string): void {
    slot.upstreamId = id;
    if (!this.#byId.has(id)) this.#byId.set(id, slot);
  }

  #setName(slot: Slot, name: string): void {
    if (slot.name !== null) {
      if (slot.name !== name) this.#writer.warn("a second name for a tool call was ignored");
      return;
    }
    slot.name = name;
    const dropped = this.#droppedKeys(findRequestedTool(this.#options.plan.tools, name));
    slot.arguments = new ToolArguments({ isBuffering: this.#options.holdsArguments, dropped });
    slot.arguments.push(slot.early.take());
  }

  #droppedKeys(tool: RequestedTool | null): DroppedKeys {
    const known = this.#dropped.get(tool);
    if (known !== undefined) return known;
    const dropped = new DroppedKeys(droppedMembersOf(tool));
    this.#dropped.set(tool, dropped);
    return dropped;
  }

  #pushArguments(slot: Slot, text: string): void {
    this.#options.room.takeText(text);
    if (slot.state === "closed") {
      if (text.trim() !== "") this.#writer.warn("late arguments of a closed tool call were left out");
    } else if (slot.arguments === null) slot.early.add(text);
    else slot.arguments.push(text);
  }

  /** Writes what can be written: opens the first call, goes on to the next where the open one is complete. */
  #advance(): void {
    for (;;) {
      const slot = this.#slots[this.#current];
      if (slot === undefined || slot.name === null || slot.arguments === null) return;
      if (slot.state === "pending" && (!slot.arguments.isBuffering || slot.arguments.isComplete))
        this.#open(slot);
      if (slot.state === "open") this.#write(slot.arguments.take());
      const next = this.#slots[this.#current + 1];
      if (next?.name == null || !slot.arguments.isComplete) return;
      this.#close(slot, "unexpected");
    }
  }

  #open(slot: Slot): void {
    const name = slot.name ?? "";
    slot.state = "open";
    this.#written += 1;
    this.#writer.start({
      id: this.#clientId(slot.upstreamId),
      name: findRequestedTool(this.#options.plan.tools, name)?.name ?? name,
      thoughtSignature: slot.thoughtSignature,
    });
  }

  #write(json: string): void {
    if (json !== "") this.#writer.arguments(json);
  }

  /** Ends a call; false when it breaks off and has to stay open. */
  #close(slot: Slot, cut: CallCut): boolean {
    const ending = slot.arguments?.finish(cut) ?? { kind: "complete", rest: "{}" };
    if (ending.kind === "broken-off") return false;
    if (ending.kind === "cut" && slot.state === "pending") {
      this.#writer.warn("a tool call that was cut off was left out");
    } else {
      if (slot.state === "pending") this.#open(slot);
      this.#write(ending.rest);
      this.#writer.stop();
      if (ending.kind === "not-json") this.#writer.warn("tool arguments were no valid JSON");
      if (ending.kind === "complete" && ending.warning !== undefined) this.#writer.warn(ending.warning);
    }
    slot.state = "closed";
    this.#current += 1;
    return true;
  }

  /** The upstream's id where the client can take it and it is new to the conversation, else a new one. */
  #clientId(upstreamId: string | null): string {
    const isUsable =
      upstreamId !== null &&
      clientIdForm.test(upstreamId) &&
      !this.#options.plan.usedToolIds.has(upstreamId) &&
      !this.#givenIds.has(upstreamId);
    const id = isUsable ? upstreamId : this.#options.newToolId();
    this.#givenIds.add(id);
    return id;
  }
}
