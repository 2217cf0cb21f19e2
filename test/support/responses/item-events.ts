import { cutText } from "../chunks.ts";
import { addedItemOf, annotationsOf, argumentsOf, contentPartOf, idOf, itemOf } from "./output-items.ts";
import type { CallPart, MessagePart, OutputPart, ReasoningPart } from "./response-answer.ts";
import type { ResponseManner } from "./response-manner.ts";

/** The events of one item: its beginning, what comes meanwhile, and its end. */
export interface ItemEvents {
  part: OutputPart;
  opening: object[];
  deltas: object[];
  closing: object[];
}

/** The events of the item at `index`, its texts in pieces of `pieceLength` characters. */
export function eventsOf(
  part: OutputPart,
  index: number,
  manner: ResponseManner,
  pieceLength: number,
): ItemEvents {
  const id = idOf(part, index);
  const at = { output_index: index, item_id: id };
  const meanwhile = deltasOf(part, at, manner, pieceLength);
  const added = {
    type: "response.output_item.added",
    output_index: index,
    item: addedItemOf(part, id, manner),
  };
  const done = { type: "response.output_item.done", output_index: index, item: itemOf(part, id, manner) };
  return {
    part,
    opening: [added, ...meanwhile.opening],
    deltas: meanwhile.deltas,
    closing: [...meanwhile.closing, done],
  };
}

type PartEvents = Pick<ItemEvents, "opening" | "deltas" | "closing">;

function deltasOf(part: OutputPart, at: object, manner: ResponseManner, pieceLength: number): PartEvents {
  switch (part.kind) {
    case "reasoning":
      return reasoningEvents(part, at, manner, pieceLength);
    case "message":
      return messageEvents(part, at, pieceLength);
    case "call":
      return callEvents(part, at, manner, pieceLength);
    case "search": {
      const steps = manner.searches === "at-once" ? [] : ["in_progress", "searching", "completed"];
      const deltas = steps.map((step) => ({ type: `response.web_search_call.${step}`, ...at }));
      return { opening: [], deltas, closing: [] };
    }
  }
}

function reasoningEvents(
  part: ReasoningPart,
  at: object,
  manner: ResponseManner,
  pieceLength: number,
): PartEvents {
  const deltas: object[] = [];
  for (const [place, text] of (part.summary ?? []).entries()) {
    const where = { ...at, summary_index: place };
    const summary = (whole: string) => ({ ...where, part: { type: "summary_text", text: whole } });
    if (manner.hasSummaryParts) {
      deltas.push({ type: "response.reasoning_summary_part.added", ...summary("") });
    }
    for (const delta of cutText(text, pieceLength)) {
      deltas.push({ type: "response.reasoning_summary_text.delta", ...where, delta });
    }
    deltas.push({ type: "response.reasoning_summary_text.done", ...where, text });
    if (manner.hasSummaryParts) {
      deltas.push({ type: "response.reasoning_summary_part.done", ...summary(text) });
    }
  }
  if (part.text === undefined) return { opening: [], deltas, closing: [] };
  const where = { ...at, content_index: 0 };
  const content = (text: string) => ({ ...where, part: { type: "reasoning_text", text } });
  const pieces = cutText(part.text, pieceLength);
  return {
    opening: [{ type: "response.content_part.added", ...content("") }],
    deltas: [
      ...deltas,
      ...pieces.map((delta) => ({ type: "response.reasoning_text.delta", ...where, delta })),
    ],
    closing: [
      { type: "response.reasoning_text.done", ...where, text: part.text },
      { type: "response.content_part.done", ...content(part.text) },
    ],
  };
}

function messageEvents(part: MessagePart, at: object, pieceLength: number): PartEvents {
  const where = { ...at, content_index: 0 };
  const { refusal, text = "" } = part;
  const kind = refusal === undefined ? "output_text" : "refusal";
  const pieces = cutText(refusal ?? text, pieceLength);
  const whole = refusal === undefined ? { text } : { refusal };
  return {
    opening: [{ type: "response.content_part.added", ...where, part: contentPartOf(part, false) }],
    deltas: [
      ...pieces.map((delta) => ({ type: `response.${kind}.delta`, ...where, delta })),
      ...annotationsOf(part).map((annotation, place) => ({
        type: "response.output_text.annotation.added",
        ...where,
        annotation_index: place,
        annotation,
      })),
    ],
    closing: [
      { type: `response.${kind}.done`, ...where, ...whole },
      { type: "response.content_part.done", ...where, part: contentPartOf(part, true) },
    ],
  };
}

function callEvents(part: CallPart, at: object, manner: ResponseManner, pieceLength: number): PartEvents {
  const text = argumentsOf(part);
  const { argumentDeltas } = manner;
  const length = argumentDeltas === "one" ? Number.POSITIVE_INFINITY : pieceLength;
  const pieces = argumentDeltas === "none" ? [] : cutText(text, length);
  return {
    opening: [],
    deltas: pieces.map((delta) => ({ type: "response.function_call_arguments.delta", ...at, delta })),
    closing: [{ type: "response.function_call_arguments.done", ...at, arguments: text }],
  };
}
