import type { Answer } from "./answer.ts";
import type { Manner } from "./manner.ts";
import { hasCalls } from "./tell-answer.ts";

const encoder = new TextEncoder();

/** The chunks of a stream with these deltas. */
export function chunksOf(deltas: readonly object[], answer: Answer, manner: Manner): object[] {
  const { usage } = answer;
  const every = usage === null || manner.usageIn !== "every" ? {} : { usage };
  const chunk = (delta: object, finish_reason: string | null, more: object = {}, index = 0) => ({
    choices: [{ index, delta, finish_reason, ...more }],
    ...every,
  });
  const callsIn = manner.hasCallsApart ? 1 : 0;
  const inChoice = usage === null || manner.usageIn !== "choice" ? {} : { usage };
  const beside = usage === null ? {} : manner.usageIn === "finish" ? { usage } : {};
  const groq = usage === null || manner.usageIn !== "x_groq" ? {} : { x_groq: { id: "r", usage } };
  const finishesWithDelta = manner.finishesWithDelta && !manner.hasCallsApart;
  const body = finishesWithDelta ? deltas.slice(0, -1) : deltas;
  const last = finishesWithDelta ? (deltas.at(-1) ?? {}) : {};
  return [
    ...body.map((delta) => chunk(delta, null, {}, hasCalls(delta) ? callsIn : 0)),
    { ...chunk(last, answer.finishReason, inChoice), ...beside, ...groq },
    ...(usage !== null && isAlone(manner.usageIn) ? [{ choices: [], usage }] : []),
  ];
}

function isAlone(place: Manner["usageIn"]): boolean {
  return place === "last" || place === "behind-done";
}

/** The bytes of a stream of these chunks. A stream that does not tell its finish reason has `[DONE]` in any case. */
export function encodeStream(chunks: readonly object[], answer: Answer, manner: Manner): Uint8Array {
  const { eol } = manner;
  const hasDone = manner.hasDone || !answer.finishReason;
  const texts = chunks.map((chunk) => JSON.stringify(chunk));
  const isBehind = hasDone && manner.usageIn === "behind-done" && answer.usage !== null;
  if (hasDone) texts.splice(texts.length - (isBehind ? 1 : 0), 0, "[DONE]");
  const gap = manner.isTight ? eol : eol + eol;
  const comment = manner.hasComments ? `: OPENROUTER PROCESSING${gap}` : "";
  const heartbeat = manner.heartbeat.map((line) => line + eol).join("");
  const before = comment + (heartbeat === "" || manner.isTight ? heartbeat : heartbeat + eol);
  const field = manner.hasBlank ? "data: " : "data:";
  return encoder.encode(texts.map((text) => `${before}${field}${text}${gap}`).join(""));
}

/** The bytes in pieces of these lengths, over and over. */
export function* split(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  let turn = 0;
  for (let at = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % Math.max(1, sizes.length)] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
