import { isJsonObject, nonEmptyString } from "../../../json/json-value.ts";
import { findThoughtSignature } from "../../../protocols/chat/answer/find-thought-signature.ts";
import type { ToolCallDelta } from "../../../protocols/chat/chat-response.ts";
import type { RequestedTool } from "../../tools/requested-tool.ts";
import type { AnswerPlan } from "../answer-plan.ts";
import type { AnswerRoom } from "../answer-room.ts";
import type { CallCut } from "./call-cut.ts";
import { CallIds } from "./call-ids.ts";
import { argumentsText, isSlotIndex, type Slot } from "./call-slot.ts";
import { CallSlots } from "./call-slots.ts";
import { findMemberRules } from "./find-member-rules.ts";
import { findRequestedTool, joinNames, mayGoOn } from "./find-requested-tool.ts";
import { MemberRules } from "./member-rules.ts";
import { type ArgumentsEnding, ToolArguments } from "./tool-arguments.ts";

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

/**
 * Puts the deltas of tool calls into slots and writes one call after the other, though upstreams mix them
 * (rule 4.5): the deltas of calls behind the open one are kept until their turn.
 */
export class ToolCalls {
  readonly #options: ToolCallsOptions;
  readonly #writer: ToolCallWriter;
  readonly #slots = new CallSlots();
  readonly #ids: CallIds;
  /** Worked out once for each tool: an answer may call one ten thousand times. */
  readonly #rules = new Map<RequestedTool | null, MemberRules>();
  /** Position in the slots of the open slot, or of the next one to open. */
  #current = 0;
  #written = 0;

  constructor(options: ToolCallsOptions, writer: ToolCallWriter) {
    this.#options = options;
    this.#ids = new CallIds(options.plan.usedToolIds, options.newToolId);
    this.#writer = writer;
  }

  /** How many calls were started on the client's wire. */
  get written(): number {
    return this.#written;
  }

  /** How many calls the upstream has begun, nameless ones too. */
  get begun(): number {
    return this.#slots.all.length;
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
    const slot = this.#slots.find({ index, id, name }) ?? this.#begin(index);
    if (id !== null) this.#slots.setId(slot, id);
    if (name !== null) this.#setName(slot, name);
    slot.thoughtSignature ??= findThoughtSignature(delta.extra_content);
    this.#pushArguments(slot, argumentsText(call["arguments"]));
    this.#advance();
    return true;
  }

  /** Behind this the calls are others, though their numbers and ids may be the same. */
  beginChoice(): void {
    this.#slots.beginAnew();
  }

  /** True when nothing is open or the open call could be closed, so that text may follow. */
  closeForText(): boolean {
    const slot = this.#slots.all[this.#current];
    if (slot === undefined) return true;
    if (slot.state !== "open" || !slot.arguments?.isSettled) return false;
    this.#close(slot, "unexpected");
    return this.#slots.all.length === this.#current;
  }

  /**
   * Ends all calls at the end of the answer. Returns false when a call breaks off unexpectedly: it then stays open
   * and the answer has failed.
   */
  finish(cut: CallCut): boolean {
    for (;;) {
      const slot = this.#slots.all[this.#current];
      if (slot === undefined) return this.#finishLate(cut);
      if (slot.name === null) {
        this.#writer.warn("a tool call without a name was left out");
        this.#current += 1;
      } else if (!this.#close(slot, this.#isBegun(slot) ? cut : "unexpected")) return false;
    }
  }

  /** False for a call that another one followed before it had any arguments: it takes none. */
  #isBegun(slot: Slot): boolean {
    return slot.arguments?.hasText === true || slot === this.#slots.all.at(-1);
  }

  #begin(index: number | null): Slot {
    this.#options.room.takeCall();
    return this.#slots.create(index);
  }

  /** For what is kept of a call beside its arguments. */
  #takeRoom(id: string | null, name: string | null, extraContent: unknown): void {
    const { room } = this.#options;
    if (id !== null) room.takeText(id);
    if (name !== null) room.takeText(name);
    if (extraContent != null) room.takeValue(extraContent);
  }

  /** Names come in pieces, too: while the whole may become a longer one of the request, the call waits. */
  #setName(slot: Slot, piece: string): void {
    const { tools } = this.#options.plan;
    const name = slot.arguments === null ? joinNames(tools, slot.name ?? "", piece) : null;
    if (name !== null) slot.name = name;
    else if (slot.name !== piece) this.#writer.warn("a second name for a tool call was ignored");
    if (slot.name !== null && !mayGoOn(tools, slot.name)) this.#settleName(slot);
  }

  #settleName(slot: Slot): void {
    if (slot.arguments !== null || slot.name === null) return;
    const rules = this.#memberRules(findRequestedTool(this.#options.plan.tools, slot.name));
    slot.arguments = new ToolArguments({ isBuffering: this.#options.holdsArguments, rules });
    slot.arguments.push(slot.aside.take());
  }

  #memberRules(tool: RequestedTool | null): MemberRules {
    const known = this.#rules.get(tool);
    if (known !== undefined) return known;
    const rules = new MemberRules(findMemberRules(tool));
    this.#rules.set(tool, rules);
    return rules;
  }

  #pushArguments(slot: Slot, text: string): void {
    this.#options.room.takeText(text);
    if (slot.state !== "closed" && text.trim() !== "") this.#settleName(slot);
    if (slot.arguments === null || slot.state === "closed") slot.aside.add(text);
    else slot.arguments.push(text);
  }

  /** Writes what can be written: opens the first call, goes on to the next where the open one is complete. */
  #advance(): void {
    for (;;) {
      const slot = this.#slots.all[this.#current];
      if (slot === undefined || slot.name === null || slot.arguments === null) return;
      if (slot.state === "pending" && (!slot.arguments.isBuffering || slot.arguments.isSettled))
        this.#open(slot);
      if (slot.state === "open") this.#write(slot.arguments.take());
      const next = this.#slots.all[this.#current + 1];
      if (next?.name == null || !slot.arguments.isSettled) return;
      this.#close(slot, "unexpected");
    }
  }

  #open(slot: Slot): void {
    slot.state = "open";
    this.#start(slot, this.#ids.give(slot.upstreamId), slot.thoughtSignature);
  }

  #start(slot: Slot, id: string, thoughtSignature: string | null): void {
    const name = slot.name ?? "";
    this.#written += 1;
    this.#writer.start({
      id,
      name: findRequestedTool(this.#options.plan.tools, name)?.name ?? name,
      thoughtSignature,
    });
  }

  #write(json: string): void {
    if (json !== "") this.#writer.arguments(json);
  }

  /** Ends a call; false when it breaks off and has to stay open. */
  #close(slot: Slot, cut: CallCut): boolean {
    this.#settleName(slot);
    const ending = slot.arguments?.finish(cut) ?? { kind: "complete", rest: "{}" };
    if (ending.kind === "broken-off") return false;
    if (ending.kind === "cut" && slot.state === "pending") {
      this.#writer.warn("a tool call that was cut off was left out");
    } else {
      if (slot.state === "pending") this.#open(slot);
      this.#write(ending.rest);
      this.#writer.stop();
      if (ending.kind === "not-json") this.#writer.warn("tool arguments were no valid JSON");
      if (ending.kind === "complete") this.#finishComplete(slot, ending);
    }
    slot.state = "closed";
    this.#current += 1;
    return true;
  }

  /** Reads what came for calls that were over by then, as another one or a text had begun. */
  #finishLate(cut: CallCut): boolean {
    for (const slot of this.#slots.all) {
      if (slot.aside.isEmpty || slot.state !== "closed") continue;
      const ending = slot.arguments?.finishLate(slot.aside.take(), cut);
      if (ending?.kind === "broken-off") return false;
      if (ending !== undefined) this.#finishComplete(slot, ending);
    }
    return true;
  }

  /** Writes the further calls whose arguments stood behind those of the first. */
  #finishComplete(slot: Slot, { others = [], warning }: ArgumentsEnding & { kind: "complete" }): void {
    for (const json of others) {
      this.#options.room.takeCall();
      this.#start(slot, this.#ids.give(null), null);
      this.#write(json);
      this.#writer.stop();
    }
    if (warning !== undefined) this.#writer.warn(warning);
  }
}
