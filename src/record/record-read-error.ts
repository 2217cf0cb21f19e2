/** The record cannot be read; the message says why and what to do, for the user. */
export class RecordReadError extends Error {
  override readonly name = "RecordReadError";
}
