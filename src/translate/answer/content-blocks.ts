import type { MessageBlock } from "../../anthropic/message.ts";
import type { BlockDelta, StreamEvent } from "../../anthropic/stream-event.ts";

/**
 * Numbers the content blocks; no other code does. At most one is open. An event for a block that is not open cannot be
 * created, so the order of the wire (rule 4.1) holds whatever the upstream sends.
 */
export class ContentBlocks {
  #index = -1;
  #open: MessageBlock["type"] | null = null;
  #events: StreamEvent[] = [];

  /** The type of the open block, or null. */
  get open(): MessageBlock["type"] | null {
    return this.#open;
  }

  /** How many blocks were started. */
  get count(): number {
    return this.#index + 1;
  }

  start(block: MessageBlock): void {
    if (this.#open !== null) throw new Error(`block ${this.#index} (${this.#open}) is still open`);
    this.#index += 1;
    this.#open = block.type;
    this.#events.push({ type: "content_block_start", index: this.#index, content_block: block });
  }

  delta(delta: BlockDelta): void {
    if (this.#open === null) throw new Error(`no block is open for ${delta.type}`);
    this.#events.push({ type: "content_block_delta", index: this.#index, delta });
  }

  stop(): void {
    if (this.#open === null) throw new Error("no block is open");
    this.#open = null;
    this.#events.push({ type: "content_block_stop", index: this.#index });
  }

  /**
   * Writes a block that comes whole. Clients read the input of every call from deltas only, even of calls that a server
   * runs.
   */
  whole(block: MessageBlock): void {
    if (block.type === "server_tool_use") {
      this.start({ ...block, input: {} });
      this.delta({ type: "input_json_delta", partial_json: JSON.stringify(block.input) });
    } else this.start(block);
    this.stop();
  }

  /** Returns the events since the last call. */
  take(): StreamEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
