import type { ApiErrorType } from "./api-error.ts";
import type { Message, MessageBlock, StopDetails, StopReason, Usage } from "./message.ts";

/** One event of a streamed answer, sent as `event: <type>` and `data: <this as JSON>`. */
export type StreamEvent =
  | MessageStartEvent
  | ContentBlockStartEvent
  | ContentBlockDeltaEvent
  | ContentBlockStopEvent
  | MessageDeltaEvent
  | MessageStopEvent
  | PingEvent
  | ErrorEvent;

export interface MessageStartEvent {
  type: "message_start";
  message: Message;
}

export interface ContentBlockStartEvent {
  type: "content_block_start";
  index: number;
  content_block: MessageBlock;
}

export interface ContentBlockDeltaEvent {
  type: "content_block_delta";
  index: number;
  delta: BlockDelta;
}

export type BlockDelta =
  | { type: "text_delta"; text: string }
  | { type: "thinking_delta"; thinking: string }
  | { type: "signature_delta"; signature: string }
  | { type: "input_json_delta"; partial_json: string };

export interface ContentBlockStopEvent {
  type: "content_block_stop";
  index: number;
}

/** `usage` holds totals of the whole answer, never increments. */
export interface MessageDeltaEvent {
  type: "message_delta";
  delta: {
    stop_reason: StopReason;
    stop_sequence: string | null;
    stop_details: StopDetails | null;
    container: null;
  };
  usage: Usage;
  context_management?: { applied_edits: [] };
}

export interface MessageStopEvent {
  type: "message_stop";
}

export interface PingEvent {
  type: "ping";
}

export interface ErrorEvent {
  type: "error";
  error: { type: ApiErrorType; message: string };
  request_id: string;
}
