import type { UpstreamError } from "../../../upstream/upstream-error.ts";
import { brokenOff } from "../answer-failures.ts";
import type { AnswerPlan } from "../answer-plan.ts";
import type { AnswerRoom } from "../answer-room.ts";
import { CallArguments } from "./call-arguments.ts";
import type { CallCut } from "./call-cut.ts";
import { CallIds } from "./call-ids.ts";
import { type BegunCall, type CallPiece, CallSlot, type SlotOwner } from "./call-slot.ts";
import { findRequestedTool, joinNames, mayGoOn } from "./find-requested-tool.ts";
import type { ArgumentsEnding } from "./tool-arguments.ts";

/** Writes calls: it closes an open block before a call and carries the call's signature. */
export interface ToolCallWriter {
  start(call: { id: string; name: string; thoughtSignature: string | null }): void;
  arguments(json: string): void;
  stop(): void;
  warn(text: string): void;
}

export interface ToolCallsOptions {
  /** Contains the ids of the conversation, which must not be reused (rule 3.5). */
  plan: Pick<AnswerPlan, "tools" | "usedToolIds">;
  newToolId: () => string;
  /** Hold the arguments of every call until it is complete. */
  holdsArguments: boolean;
  room: AnswerRoom;
}

/**
 * Writes one call after the other, although upstreams mix their pieces (rule 4.5): pieces of later calls are held until
 * their turn.
 */
export class ToolCalls implements SlotOwner {
  readonly #options: ToolCallsOptions;
  readonly #writer: ToolCallWriter;
  /** The slots in the order in which they began. */
  readonly #slots: CallSlot[] = [];
  readonly #ids: CallIds;
  readonly #arguments: CallArguments;
  /** Position in the slots of the open slot, or of the next one to open. */
  #current = 0;
  #written = 0;

  constructor(options: ToolCallsOptions, writer: ToolCallWriter) {
    this.#options = options;
    this.#ids = new CallIds(options.plan.usedToolIds, options.newToolId);
    this.#arguments = new CallArguments(options.plan.tools, options.holdsArguments);
    this.#writer = writer;
  }

  /** How many calls were started on the client's wire. */
  get written(): number {
    return this.#written;
  }

  /** How many calls the upstream has begun, including those without a name. */
  get begun(): number {
    return this.#slots.length;
  }

  /** Begins a call about which nothing need be known yet. Throws UpstreamError if the answer has become too long. */
  begin(): BegunCall {
    this.#options.room.takeCall();
    const slot = new CallSlot(this);
    this.#slots.push(slot);
    return slot;
  }

  /** True if no call is open or the open call could be closed, so that text may follow. */
  closeForText(): boolean {
    const slot = this.#slots[this.#current];
    if (slot === undefined) return true;
    if (slot.state !== "open" || !slot.arguments?.isSettled) return false;
    this.#close(slot, "unexpected");
    return this.#slots.length === this.#current;
  }

  /**
   * Ends all calls at the end of the answer. Throws UpstreamError if a call breaks off unexpectedly; it then stays
   * open.
   */
  finish(cut: CallCut): void {
    for (;;) {
      const slot = this.#slots[this.#current];
      if (slot === undefined) break;
      if (slot.name === null) {
        this.#writer.warn("a tool call without a name was left out");
        this.#current += 1;
      } else this.#close(slot, this.#isBegun(slot) ? cut : "unexpected");
    }
    this.#finishLate(cut);
  }

  /** False for a call that was followed by another one before it had any arguments: it takes none. */
  #isBegun(slot: CallSlot): boolean {
    return slot.arguments?.hasText === true || slot === this.#slots.at(-1);
  }

  take(slot: CallSlot, { id, name, arguments: json, thoughtSignature }: CallPiece): void {
    const { room } = this.#options;
    if (id !== null) room.takeText(id);
    if (name !== null) room.takeText(name);
    slot.upstreamId ??= id;
    if (name !== null) this.#setName(slot, name);
    slot.thoughtSignature ??= thoughtSignature;
    this.takeArguments(slot, json);
  }

  takeArguments(slot: CallSlot, text: string): void {
    this.#pushArguments(slot, text);
    this.#advance();
  }

  replaceArguments(slot: CallSlot, text: string): boolean {
    if (slot.state === "closed" || slot.arguments?.isForwarded === true) return false;
    slot.aside.take();
    const isNamed = slot.arguments !== null;
    slot.arguments = null;
    if (isNamed) this.#settleName(slot);
    this.takeArguments(slot, text);
    return true;
  }

  complete(slot: CallSlot): void {
    slot.isEnded = true;
    this.#advance();
  }

  split(slot: CallSlot, pieces: readonly CallPiece[]): void {
    const parts = pieces.map(() => {
      this.#options.room.takeCall();
      return new CallSlot(this);
    });
    this.#slots.splice(this.#slots.indexOf(slot, this.#current), 1, ...parts);
    for (const [place, part] of parts.entries()) {
      const piece = pieces[place];
      if (piece !== undefined) part.push(piece);
      part.complete();
    }
  }

  /** Names also come in pieces: while the name may become a longer one of the request, the call waits. */
  #setName(slot: CallSlot, piece: string): void {
    const { tools } = this.#options.plan;
    const name = slot.arguments === null ? joinNames(tools, slot.name ?? "", piece) : null;
    if (name !== null) slot.name = name;
    else if (slot.name !== piece) this.#writer.warn("a second name for a tool call was ignored");
    if (slot.name !== null && !mayGoOn(tools, slot.name)) this.#settleName(slot);
  }

  #settleName(slot: CallSlot): void {
    if (slot.arguments !== null || slot.name === null) return;
    slot.arguments = this.#arguments.create(slot.name);
    slot.arguments.push(slot.aside.take());
  }

  #pushArguments(slot: CallSlot, text: string): void {
    this.#options.room.takeText(text);
    if (slot.state !== "closed" && text.trim() !== "") this.#settleName(slot);
    if (slot.arguments === null || slot.state === "closed") slot.aside.add(text);
    else slot.arguments.push(text);
  }

  /** Writes as much as possible: opens the first call, and proceeds to the next if the open one is complete. */
  #advance(): void {
    for (;;) {
      const slot = this.#slots[this.#current];
      if (slot === undefined || slot.name === null) return;
      // The whole name of a call that is over has come, even if another name goes on.
      if (slot.isEnded) this.#settleName(slot);
      if (slot.arguments === null) return;
      if (slot.state === "pending" && (!slot.arguments.isBuffering || slot.arguments.isSettled))
        this.#open(slot);
      if (slot.state === "open") this.#write(slot.arguments.take());
      const next = this.#slots[this.#current + 1];
      const isFollowed = next?.name != null && slot.arguments.isSettled;
      // What ended in the middle of its arguments may have been cut: the end of the answer decides.
      if (slot.isEnded && !slot.arguments.isWhole) slot.isEnded = false;
      if (!isFollowed && !slot.isEnded) return;
      this.#close(slot, "unexpected");
    }
  }

  #open(slot: CallSlot): void {
    slot.state = "open";
    this.#start(slot, this.#ids.give(slot.upstreamId), slot.thoughtSignature);
  }

  #start(slot: CallSlot, id: string, thoughtSignature: string | null): void {
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

  /** Ends a call; throws if it breaks off. */
  #close(slot: CallSlot, cut: CallCut): void {
    this.#settleName(slot);
    const ending = slot.arguments?.finish(cut) ?? { kind: "complete", rest: "{}" };
    if (ending.kind === "broken-off") throw brokenOffInCall();
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
  }

  /** Reads fragments that came for calls after their end, when another call or a text had begun. */
  #finishLate(cut: CallCut): void {
    for (const slot of this.#slots) {
      if (slot.aside.isEmpty || slot.state !== "closed") continue;
      const ending = slot.arguments?.finishLate(slot.aside.take(), cut);
      if (ending?.kind === "broken-off") throw brokenOffInCall();
      if (ending !== undefined) this.#finishComplete(slot, ending);
    }
  }

  /** Writes the further calls whose arguments came after those of the first. */
  #finishComplete(slot: CallSlot, { others = [], warning }: ArgumentsEnding & { kind: "complete" }): void {
    for (const json of others) {
      this.#options.room.takeCall();
      this.#start(slot, this.#ids.give(null), null);
      this.#write(json);
      this.#writer.stop();
    }
    if (warning !== undefined) this.#writer.warn(warning);
  }
}

function brokenOffInCall(): UpstreamError {
  return brokenOff("the upstream broke off in a tool call");
}
