import type { Config } from "../../src/config/config.ts";
import type { ProtocolId } from "../../src/profiles/protocol-id.ts";
import { type Answer, chunk, chunksOf, completionOf, stopChunk, toolCallChunk } from "./chunks.ts";
import { json, type Reply, type SseOptions, sse } from "./reply.ts";
import { responseAnswerOf } from "./responses/response-answer.ts";
import { responseEvents, responseOf, responseSse } from "./responses/response-events.ts";

/** A piece of a call: what opens it, or more of its arguments. */
export interface CallPiece {
  id?: string;
  name?: string;
  arguments?: string;
}

/** How an upstream says the same on one wire or another: for tests that must hold on each. */
export interface Wire {
  id: ProtocolId;
  /** Where requests go, below the base URL. */
  path: string;
  /** What the wire calls its answers, where an upstream has sent something else. */
  answerName: string;
  /** What the wire itself is called. */
  name: string;
  /** What a body lacks that is no answer. */
  lacks: string;
  /** What is said besides of an address that does not have the wire. */
  otherWay: string;
  /** The setting by which a proxy asks on this wire. */
  settings: Partial<Config>;
  environment: Readonly<Record<string, string>>;
  /** An event with a piece of text. */
  text(piece: string): object;
  /** An event with a piece of what the model thinks. */
  reasoning(piece: string): object;
  /** The events of a piece of the call with this number. */
  call(index: number, piece: CallPiece): object[];
  /** The end of an answer with its usage, so that nobody has to count its tokens. */
  end(reason?: "stop" | "calls" | "length"): object;
  /** The end of an answer with this in the place of its usage. */
  endWith(usage: unknown): object[];
  /** Events that say nothing of the answer. */
  noise: readonly object[];
  /** A stream, with an end mark where the wire has one, or where it is asked for. */
  stream(events: readonly (object | string)[], options?: SseOptions): Reply;
  /** The events of an answer, its texts in pieces of `pieceLength` characters. */
  events(answer: Answer, pieceLength?: number): object[];
  /** The body of a whole answer. */
  body(answer: Answer): object;
  /** The body of a whole answer with one call of Read, whose arguments are this text. */
  bodyWithArguments(text: string): object;
}

const chatFinish = { stop: "stop", calls: "tool_calls", length: "length" } as const;

export const chatWire: Wire = {
  id: "chat",
  path: "/chat/completions",
  answerName: "chat completion",
  name: "chat completions",
  lacks: "choices",
  otherWay: "",
  settings: settingsOf("chat"),
  environment: {},
  text: (content) => chunk({ content }),
  reasoning: (piece) => chunk({ reasoning_content: piece }),
  call: (index, piece) => [toolCallChunk(index, piece)],
  end: (reason = "stop") => ({ ...stopChunk, ...chunk({}, chatFinish[reason]) }),
  endWith: (usage) => [stopChunk, { choices: [], usage }],
  noise: [{ choices: [] }, { choices: null }, { choices: [{ index: 0, delta: null }] }, {}],
  stream: sse,
  events: chunksOf,
  body: completionOf,
  bodyWithArguments: (text) => {
    const call = { id: "c1", type: "function", function: { name: "Read", arguments: text } };
    const message = { content: null, tool_calls: [call] };
    return { ...completionOf({}), choices: [{ index: 0, message, finish_reason: "tool_calls" }] };
  },
};

export const responsesWire: Wire = {
  id: "responses",
  path: "/responses",
  answerName: "answer of the Responses API",
  name: "Responses API",
  lacks: "output",
  otherWay: ", or set UPSTREAM_PROTOCOL=chat",
  settings: settingsOf("responses"),
  environment: { UPSTREAM_PROTOCOL: "responses" },
  text: (delta) => ({
    type: "response.output_text.delta",
    item_id: "msg_0",
    output_index: 0,
    content_index: 0,
    delta,
  }),
  reasoning: (delta) => ({
    type: "response.reasoning_text.delta",
    item_id: "rs_0",
    output_index: 0,
    content_index: 0,
    delta,
  }),
  call: callEvents,
  end: (reason = "stop") => endEvent(reason === "length"),
  endWith: (usage) => [endEvent(false, usage)],
  noise: [
    { type: "response.in_progress", response: null },
    { type: "keepalive" },
    { type: "response.output_item.added", output_index: 0, item: null },
    { type: "response.output_text.delta", output_index: 0, delta: null },
    {},
  ],
  stream: responseSse,
  events: (answer, pieceLength = 12) => responseEvents(responseAnswerOf(answer), { pieceLength }),
  body: (answer) => responseOf(responseAnswerOf(answer)),
  bodyWithArguments: (text) =>
    responseOf({ output: [{ kind: "call", id: "c1", name: "Read", arguments: text }] }),
};

/** The setting that names the wire. */
function settingsOf(upstreamProtocol: ProtocolId): Partial<Config> {
  const named = { upstreamProtocol };
  return { upstreamProfile: "generic", ...named };
}

/** Its first piece adds the item at the place behind the text; what it says of arguments comes as deltas. */
function callEvents(index: number, { id, name, arguments: text = "" }: CallPiece): object[] {
  const at = { output_index: index + 1 };
  const item = { type: "function_call", id: `fc_${index}`, call_id: id, name, arguments: "" };
  const added = { type: "response.output_item.added", ...at, item };
  const delta = {
    type: "response.function_call_arguments.delta",
    ...at,
    item_id: `fc_${index}`,
    delta: text,
  };
  return [...(id === undefined && name === undefined ? [] : [added]), ...(text === "" ? [] : [delta])];
}

/** A terminal event that repeats nothing of the output, as some gateways send it. */
function endEvent(isCut: boolean, ...usages: unknown[]): object {
  const response = responseOf({ output: [], ...(isCut ? { status: "incomplete" } : {}) });
  const told = usages.map((usage) => ({ usage }))[0];
  return { type: isCut ? "response.incomplete" : "response.completed", response: { ...response, ...told } };
}

/** A whole answer, answered with 200. */
export function wholeReply(wire: Wire, answer: Answer): Reply {
  return json(wire.body(answer));
}

/** How each wire says it, on which the program asks its upstreams. */
export const wires: readonly Wire[] = [chatWire, responsesWire];
