import { UpstreamError } from "../../upstream/upstream-error.ts";

/** The error for an answer that is empty because its prompt was too long, as LM Studio's are (rule 4.8). */
export function hiddenOverflow(tokens: number, window: number): UpstreamError {
  const message = `prompt is too long: ${tokens} tokens > ${window} maximum`;
  return new UpstreamError("http", message, { status: 400, body: { error: { message } } });
}
