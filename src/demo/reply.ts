import type { JsonObject } from "../json/json-value.ts";

/** The body of a refusal, in OpenAI's form. */
export interface RefusalError {
  message: string;
  type: "invalid_request_error";
  /** The member at fault. */
  param: string | null;
  code: string | null;
}

/** One server-sent event. */
export interface Frame {
  /** The name on its `event:` line; null for none. */
  name: string | null;
  /** The text after `data: `. */
  data: string;
}

export interface Refusal {
  type: "refusal";
  error: RefusalError;
}

/** What the demonstration upstream answers to a request, in the words of its wire. */
export type Reply =
  | Refusal
  | { type: "whole"; word: "completion" | "response"; body: JsonObject }
  | { type: "stream"; word: "chunk" | "response event"; frames: readonly Frame[] };

/** Creates a new id that begins so. */
export type NewId = (prefix: string) => string;

/** One wire of the demonstration upstream: answers a body that is a JSON object. */
export type AnswerRequest = (body: JsonObject, newId: NewId) => Reply;

export function refuse(message: string, param: string | null, code: string | null = null): Refusal {
  return { type: "refusal", error: { message, type: "invalid_request_error", param, code } };
}
