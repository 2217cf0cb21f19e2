import { type Reply, type SseOptions, sse } from "../reply.ts";
import { eventsOf, type ItemEvents } from "./item-events.ts";
import { idOf, itemOf, terminalItemOf } from "./output-items.ts";
import type { ResponseAnswer, ResponseFailure } from "./response-answer.ts";
import { type ResponseManner, responseManners } from "./response-manner.ts";

/** How events are written. */
export interface EventOptions {
  /** Default: OpenAI's. */
  manner?: ResponseManner;
  /** Texts come in pieces of so many characters; default 12. */
  pieceLength?: number;
}

const defaultUsage = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 10,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 110,
};

/** An event that says that a response has begun, with its name. */
function createdEvents(manner: ResponseManner = responseManners.openai): object[] {
  const response = headOf({ output: [] }, "in_progress", manner);
  return [
    { type: "response.created", response },
    { type: "response.in_progress", response },
  ];
}

/** The events of a stream, in the order in which the server sends them. */
export function responseEvents(answer: ResponseAnswer, options: EventOptions = {}): object[] {
  const { manner = responseManners.openai, pieceLength = 12 } = options;
  const items = answer.output.map((part, index) => eventsOf(part, index, manner, pieceLength));
  const events = [
    ...createdEvents(manner),
    ...orderEvents(items, answer.mixesCalls === true, manner),
    ...endEvents(answer, manner),
  ];
  return events.map((event, index) => dress(event, index, manner));
}

/** The same answer as one whole response. */
export function responseOf(answer: ResponseAnswer, manner: ResponseManner = responseManners.openai): object {
  const output = answer.output.map((part, index) => itemOf(part, idOf(part, index), manner));
  return { ...headOf(answer, statusOf(answer, manner), manner), output };
}

/** A stream of events, each with its `event:` line, and without an end mark. A string is sent as it is. */
export function responseSse(events: readonly (object | string)[], options: SseOptions = {}): Reply {
  const { lineEnd = "\n" } = options;
  const frames = events.map((event) =>
    typeof event === "string"
      ? event
      : `event: ${typeOf(event)}${lineEnd}data: ${JSON.stringify(event)}${lineEnd}${lineEnd}`,
  );
  return sse(frames, { done: false, ...options });
}

/** The stream of an answer as this server sends it, with the comments and the end mark of a gateway. */
export function replyOf(answer: ResponseAnswer, manner: ResponseManner, options: SseOptions = {}): Reply {
  const events = responseEvents(answer, { manner });
  if (!manner.isGateway) return responseSse(events, options);
  return responseSse([": OPENROUTER PROCESSING\n\n", ...events], { done: true, ...options });
}

function typeOf(event: object): string {
  return "type" in event ? String(event.type) : "message";
}

function statusOf(answer: ResponseAnswer, manner: ResponseManner): string {
  if (answer.failure !== undefined) return "failed";
  return manner.alwaysCompleted ? "completed" : (answer.status ?? "completed");
}

function headOf(answer: ResponseAnswer, status: string, manner: ResponseManner): object {
  const { failure, incompleteReason = "max_output_tokens", usage = defaultUsage } = answer;
  const error = failure === undefined ? null : { code: failure.code, message: failure.message };
  return {
    id: `${manner.idPrefix}1`,
    object: "response",
    created_at: 1,
    status,
    ...(manner.hasErrorMember || error !== null ? { error } : {}),
    incomplete_details: status === "incomplete" ? { reason: incompleteReason } : null,
    model: "test-model",
    output: [],
    store: false,
    usage: status === "in_progress" ? null : usage,
  };
}

function endEvents(answer: ResponseAnswer, manner: ResponseManner): object[] {
  const { failure } = answer;
  const status = statusOf(answer, manner);
  const ids = manner.ids === "other-in-terminal" ? "_again" : "";
  const output = answer.output.map((part, index) =>
    terminalItemOf(part, `${idOf(part, index)}${ids}`, manner),
  );
  const terminal = {
    type: `response.${status}`,
    response: { ...headOf(answer, status, manner), output },
  };
  if (failure === undefined) return [terminal];
  const { told = "both" } = failure;
  return [...(told === "failed" ? [] : [errorEvent(failure)]), ...(told === "error" ? [] : [terminal])];
}

/** An `error` event in one of its two forms. */
function errorEvent(failure: ResponseFailure): object {
  const { code, message, form = "nested", type = code } = failure;
  if (form === "flat") return { type: "error", code, message, param: null };
  return { type: "error", error: { type, code, message, param: null } };
}

function orderEvents(items: readonly ItemEvents[], mixesCalls: boolean, manner: ResponseManner): object[] {
  const events: object[] = [];
  const late: object[] = [];
  for (let index = 0; index < items.length; ) {
    const group = groupAt(items, index, mixesCalls);
    index += group.length;
    if (manner.hasKeepalives) events.push({ type: "keepalive" });
    events.push(...group.flatMap(({ opening }) => opening), ...inTurns(group.map(({ deltas }) => deltas)));
    const closing = group.flatMap((item) => item.closing);
    const isHeld =
      manner.dones === "at-end" || (manner.reasoningEndsLate && group[0]?.part.kind === "reasoning");
    if (isHeld) late.push(...closing);
    else events.push(...closing);
  }
  return [...events, ...late];
}

/** The item at `index`, with the calls behind it where they are told in turns. */
function groupAt(items: readonly ItemEvents[], index: number, mixesCalls: boolean): readonly ItemEvents[] {
  const isCall = (item: ItemEvents | undefined) => item?.part.kind === "call";
  let end = index + 1;
  if (mixesCalls && isCall(items[index])) while (isCall(items[end])) end += 1;
  return items.slice(index, end);
}

/** The first of each list, then the second of each, and so on. */
function inTurns(lists: readonly object[][]): object[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, place) => lists.flatMap((list) => list[place] ?? [])).flat();
}

/** The event with what the server adds to every one, or leaves out of every one. */
function dress(event: object, place: number, manner: ResponseManner): object {
  const dressed: Record<string, unknown> = { ...event };
  if (manner.hasIndex) dressed["sequence_number"] = place;
  else delete dressed["output_index"];
  if (manner.obfuscates && "delta" in event) dressed["obfuscation"] = "padding";
  if (manner.ids === "rotating") rotateIds(dressed, place);
  if (manner.ids === "added-only" && dressed["type"] === "response.output_item.done") {
    dressed["item"] = withoutIds(dressed["item"]);
  }
  return dressed;
}

function rotateIds(event: Record<string, unknown>, place: number): void {
  if ("item_id" in event) event["item_id"] = `capture-${place}`;
  for (const name of ["item", "response"]) {
    const value = event[name];
    if (typeof value === "object") event[name] = { ...value, id: `capture-${place}-${name}` };
  }
}

function withoutIds(item: unknown): unknown {
  if (typeof item !== "object" || item === null) return item;
  const known = Object.entries(item).filter(([name]) => name !== "id" && name !== "call_id");
  return Object.fromEntries(known);
}
