import type { JsonObject } from "../json/json-value.ts";
import { describeFile } from "./describe-file.ts";

/** What the demonstration upstream reads of a request, whichever wire it came on. */
export interface ReceivedRequest {
  model: string;
  /** All of them in order, those with system texts too. */
  messages: readonly ReceivedMessage[];
  /** What the wire calls one of them. */
  messageWord: "message" | "input item";
  tools: readonly OfferedTool[];
  toolChoice: "auto" | "none" | "required" | { name: string };
  format: AnswerFormat;
  /** The answer ends before the first of these texts. */
  stop: readonly string[];
  /** The most tokens of an answer; null for no limit. */
  tokenLimit: number | null;
  /** What counts as the prompt, as JSON. */
  prompt: string;
  /** Whether the answer begins with reasoning. */
  wantsReasoning: boolean;
}

export interface ReceivedMessage {
  /** `tool` gives back what a call gave. */
  role: "system" | "user" | "assistant" | "tool";
  /** "" if it has none. */
  text: string;
  /** What can be said of its images and documents; absent if nothing. */
  files?: readonly string[];
}

export interface OfferedTool {
  name: string;
  /** A JSON schema. */
  parameters: unknown;
}

export type AnswerFormat =
  | { type: "text" }
  | { type: "json_object" }
  | { type: "json_schema"; schema: JsonObject };

/** The text of a content: its text parts joined by line breaks, "" if it has none. */
export function textOfContent(content: string | readonly { text?: string | undefined }[] | null | undefined) {
  if (typeof content === "string") return content;
  return (content ?? []).flatMap(({ text }) => text ?? []).join("\n");
}

/** What can be said of the files with these addresses; nothing of those without one. */
export function describeFiles(urls: readonly (string | null | undefined)[]): string[] {
  return urls.flatMap((url) => describeFile(url ?? "") ?? []);
}
