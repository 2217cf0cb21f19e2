import type { KeptBody } from "../bodies/body-keeper.ts";
import type { RecordedRequest } from "../recorded-request.ts";
import type { WriteEntry } from "./write-order.ts";

/** Of which requests the messages are kept. */
export type BodiesMode = "off" | "errors" | "all";

/** Selects what of a request goes to the file, and what is only compared with the request before. */
export function selectKept(
  mode: BodiesMode,
  request: RecordedRequest,
  bodies: readonly KeptBody[],
  secrets: readonly string[],
  charges: WriteEntry["charges"],
): WriteEntry {
  const isWhole = mode === "all" || (mode === "errors" && hasFailed(request));
  const sent =
    request.sessionId === null ? undefined : bodies.findLast(({ name }) => name === "upstream-request");
  // The beginning alone says nothing of where the whole ends.
  const compared = sent === undefined || sent.isCut ? null : sent.pieces;
  return { request, bodies: isWhole ? bodies : [], sent: compared, secrets, charges };
}

/** Also of a request that was answered in the end: why it was sent again is what one looks for. */
function hasFailed({ errorType, attempts }: RecordedRequest): boolean {
  return errorType !== null || attempts.some(({ status, error }) => error !== null || (status ?? 0) >= 400);
}

/** Bytes that the bodies hold in memory. */
export function countHeldBytes({ bodies, sent }: Pick<WriteEntry, "bodies" | "sent">): number {
  if (sent === null && bodies.length === 0) return 0;
  const held = new Set(bodies.map(({ pieces }) => pieces));
  if (sent !== null) held.add(sent);
  let bytes = 0;
  for (const pieces of held) for (const piece of pieces) bytes += piece.length;
  return bytes;
}
