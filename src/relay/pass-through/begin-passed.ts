import { statusOfErrorType } from "../../anthropic/api-error.ts";
import { isJsonObject } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";
import {
  type AnswerFacts,
  addFacts,
  noFacts,
  type ToldError,
} from "../../protocols/anthropic/answer-facts.ts";
import { EventWatch } from "../../protocols/anthropic/event-watch.ts";
import { findThinkingFault, type ThinkingFault } from "../../protocols/anthropic/find-thinking-fault.ts";
import { readErrorBody } from "../../translate/failures/error-facts.ts";
import { readWaitHeaders } from "../../upstream/failed-answer.ts";
import { malformedAnswer } from "../../upstream/malformed-answer.ts";
import { PassedFailure } from "../../upstream/passed-failure.ts";
import type { PassedResponse } from "../../upstream/passing-client.ts";
import type { SendBudget } from "../../upstream/send-budget.ts";
import { UpstreamError } from "../../upstream/upstream-error.ts";

/** An answer that has begun: its first bytes, and where the rest comes from. */
export type BegunAnswer =
  | { kind: "events"; bytes: Uint8Array; watch: EventWatch; response: PassedResponse }
  | { kind: "whole"; bytes: Uint8Array; facts: AnswerFacts; response: PassedResponse };

export interface BeginOptions {
  /** Sends the request, without the thinking that the faults are about. */
  send: (faults: ReadonlySet<ThinkingFault>) => Promise<PassedResponse>;
  budget: Pick<SendBudget, "hasLeft">;
  redact: (text: string) => string;
}

/**
 * Sends a request until an answer begins: once more for each fault that is found in its thinking, and once more if the
 * answer is empty. Throws UpstreamError for any other failure, also for one that a stream begins with.
 */
export async function beginPassed({ send, budget, redact }: BeginOptions): Promise<BegunAnswer> {
  const faults = new Set<ThinkingFault>();
  let wasEmpty = false;
  for (;;) {
    try {
      const begun = await readBeginning(await send(faults), redact);
      if (begun !== null) return begun;
      if (wasEmpty || !budget.hasLeft) throw malformedAnswer("The upstream's answer is empty");
      wasEmpty = true;
    } catch (error) {
      const fault = error instanceof UpstreamError ? faultOf(error) : null;
      if (fault === null || faults.has(fault) || !budget.hasLeft) throw error;
      faults.add(fault);
    }
  }
}

function faultOf({ status, body }: UpstreamError): ThinkingFault | null {
  return status === 400 ? findThinkingFault(readErrorBody(body).text) : null;
}

/** Null for an empty answer. */
async function readBeginning(
  response: PassedResponse,
  redact: (text: string) => string,
): Promise<BegunAnswer | null> {
  return response.kind === "events"
    ? await readFirstEvents(response, redact)
    : await readAll(response, redact);
}

/** Reads up to the end of the first event that is no ping, because it may be an error. */
async function readFirstEvents(
  response: PassedResponse,
  redact: (text: string) => string,
): Promise<BegunAnswer | null> {
  const { body } = response;
  const watch = new EventWatch();
  const waiting = [...response.firstPieces];
  const pieces: Uint8Array[] = [];
  while (!watch.hasStarted) {
    const piece = waiting.shift() ?? (await body.read());
    if (piece === null) break;
    watch.push(piece);
    pieces.push(piece);
  }
  const { error } = watch.facts;
  if (error !== null && watch.events === 0) {
    body.cancel();
    throw toldFailure(error, response, redact);
  }
  if (!watch.hasStarted) return null;
  return { kind: "events", bytes: joinPieces([...pieces, ...waiting]), watch, response };
}

/** Reads a whole answer, so that a failure on the way is known before the client hears anything. */
async function readAll(
  response: PassedResponse,
  redact: (text: string) => string,
): Promise<BegunAnswer | null> {
  const { body, wholeBodyBytes, host } = response;
  const waiting = [...response.firstPieces];
  const pieces: Uint8Array[] = [];
  let restBytes = wholeBodyBytes;
  for (;;) {
    const piece = waiting.shift() ?? (await body.read());
    if (piece === null) break;
    pieces.push(piece);
    restBytes -= piece.byteLength;
    if (restBytes >= 0) continue;
    body.cancel();
    throw malformedAnswer(`The upstream's answer is longer than ${wholeBodyBytes} bytes`);
  }
  const bytes = joinPieces(pieces);
  const text = new TextDecoder().decode(bytes);
  if (text.trim() === "") return null;
  const value = parseJson(text);
  if (!isJsonObject(value)) throw malformedAnswer(`${host} answered with something that is no message`);
  const facts = addFacts(noFacts, value);
  if (facts.error !== null) throw toldFailure(facts.error, response, redact);
  return { kind: "whole", bytes, facts, response };
}

/** The failure that an answer with a good status tells of. Its status is that of its type. */
function toldFailure(
  { type, body }: ToldError,
  { headers: answered, host }: PassedResponse,
  redact: (text: string) => string,
): PassedFailure {
  const redacted = redact(JSON.stringify(body));
  const headers = new Headers(answered);
  headers.set("content-type", "application/json");
  const known = Object.entries(statusOfErrorType).find(([name]) => name === type);
  const status = known?.[1] ?? 500;
  return new PassedFailure(
    `${host} answered with an error`,
    { status, host, body: parseJson(redacted), headers: readWaitHeaders(answered) },
    { body: new TextEncoder().encode(redacted), headers },
  );
}

function joinPieces(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
}
