import type { UpstreamError } from "./upstream-error.ts";

/** What goes out to an upstream. */
export interface SentMessage {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** Is told what comes of one send. */
export interface SendNotes {
  /** The head of the answer has come. */
  noteHead(status: number): void;
  /** No answer has come. */
  noteFailure(error: UpstreamError): void;
  /** A part of the answer's body was read, whatever its status. Nobody may change it afterwards. */
  addPiece(piece: string | Uint8Array): void;
}

/** Is told of every send of a request: also of the second one, after a connection that failed. */
export interface SendWatch {
  begin(message: SentMessage): SendNotes;
}
