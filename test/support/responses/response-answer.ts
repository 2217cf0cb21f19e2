import type { Answer } from "../chunks.ts";

/** What a model says in one turn on the Responses API, before it is written as a response or as events. */
export interface ResponseAnswer {
  output: readonly OutputPart[];
  /** Default: `completed`, or `failed` with a failure. */
  status?: "completed" | "incomplete" | "failed";
  /** Of an incomplete response. */
  incompleteReason?: string;
  /** What the response fails with, behind its output; in a stream as an `error` event. */
  failure?: ResponseFailure;
  /** The argument deltas of calls that stand side by side come in turns. */
  mixesCalls?: boolean;
  /** Default: 100 input and 10 output tokens. Null tells nothing. */
  usage?: object | null;
}

export type OutputPart = ReasoningPart | MessagePart | CallPart | SearchPart;

/** Summary parts or a text, and what nobody but the server can read. */
export interface ReasoningPart {
  kind: "reasoning";
  summary?: readonly string[];
  text?: string;
  encrypted?: string;
}

export interface MessagePart {
  kind: "message";
  text?: string;
  refusal?: string;
  phase?: "commentary" | "final_answer";
  /** Pages that the text cites. */
  cites?: readonly { url: string; title?: string }[];
}

export interface CallPart {
  kind: "call";
  /** The `call_id`. */
  id: string;
  name: string;
  /** A string is taken as it is: arguments that are not whole JSON. */
  arguments: object | string;
}

/** A search that the server ran. */
export interface SearchPart {
  kind: "search";
  query: string;
  sources: readonly string[];
}

export interface ResponseFailure {
  code: string | null;
  message: string;
  /** Default: the code. */
  type?: string;
  /** Where the members of an `error` event stand; default nested. */
  form?: "nested" | "flat";
  /** What comes of it in a stream: an `error` event, `response.failed`, or (the default) both. */
  told?: "error" | "failed" | "both";
}

const statusOfReason: Readonly<Record<string, Pick<ResponseAnswer, "status" | "incompleteReason">>> = {
  length: { status: "incomplete", incompleteReason: "max_output_tokens" },
  content_filter: { status: "incomplete", incompleteReason: "content_filter" },
};

/** The answer that says on this wire what `answer` says on Chat Completions. */
export function responseAnswerOf(answer: Answer): ResponseAnswer {
  const { reasoning, text, toolCalls = [], finishReason = "", usage } = answer;
  const hasCalls = toolCalls.length > 0;
  return {
    output: [
      ...(reasoning === undefined ? [] : [{ kind: "reasoning", summary: [reasoning] } as const]),
      ...(text === undefined ? [] : [messageOf(text, hasCalls)]),
      ...toolCalls.map((call): CallPart => ({ kind: "call", ...call })),
    ],
    ...statusOfReason[finishReason],
    ...(usage === undefined ? {} : { usage }),
  };
}

function messageOf(text: string, isBeforeCalls: boolean): MessagePart {
  return { kind: "message", text, phase: isBeforeCalls ? "commentary" : "final_answer" };
}
