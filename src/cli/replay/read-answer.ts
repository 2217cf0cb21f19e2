import { createParser } from "eventsource-parser";
import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import { parseExactJson } from "../../json/long-numbers.ts";
import type { AnswerUsage, AnswerWords, ReplayToolCall } from "./replay-answer.ts";

/** A tool call whose input may come in pieces. */
interface OpenToolCall {
  readonly name: string;
  readonly input: unknown;
  json: string;
}

/** What has been read of an answer so far; blocks by their index. */
interface Reading {
  readonly texts: Map<number, string>;
  readonly tools: Map<number, OpenToolCall>;
  stopReason: string | null;
  error: string | null;
  usage: AnswerUsage | null;
}

/**
 * Reads an answer of the Messages API, whole or as a stream, complete or cut off. Never throws: what has another form is
 * left out.
 */
export function readAnswer(text: string): AnswerWords {
  const reading: Reading = { texts: new Map(), tools: new Map(), stopReason: null, error: null, usage: null };
  const whole = /^\s*\{/.test(text) ? parseObject(text) : null;
  if (whole !== null) {
    addWhole(reading, whole);
  } else {
    const onEvent = ({ data }: { data: string }) => {
      const event = parseObject(data);
      if (event !== null) addEvent(reading, event);
    };
    // The last event of an answer that was cut off is not whole, and is not parsed.
    createParser({ onEvent }).feed(text);
  }
  const { stopReason, error, usage } = reading;
  const toolCalls = [...reading.tools.values()].map(readToolCall);
  return { text: [...reading.texts.values()].join("\n"), toolCalls, stopReason, error, usage };
}

function readToolCall({ name, json, input }: OpenToolCall): ReplayToolCall {
  // What is no JSON is shown as it came.
  return { name, input: json === "" ? input : (parseExactJson(json) ?? json) };
}

function addWhole(reading: Reading, message: JsonObject): void {
  reading.error = readError(message);
  reading.stopReason = textOrNull(message["stop_reason"]);
  addUsage(reading, message["usage"]);
  const content: readonly unknown[] = Array.isArray(message["content"]) ? message["content"] : [];
  for (const [index, block] of content.entries()) addBlock(reading, index, block);
}

function addEvent(reading: Reading, event: JsonObject): void {
  const index = typeof event["index"] === "number" ? event["index"] : -1;
  const { message, delta } = event;
  switch (event["type"]) {
    case "message_start":
      if (isJsonObject(message)) addUsage(reading, message["usage"]);
      return;
    case "content_block_start":
      addBlock(reading, index, event["content_block"]);
      return;
    case "content_block_delta":
      if (isJsonObject(delta)) addDelta(reading, index, delta);
      return;
    case "message_delta":
      if (isJsonObject(delta)) reading.stopReason = textOrNull(delta["stop_reason"]);
      addUsage(reading, event["usage"]);
      return;
    case "error":
      reading.error = readError(event);
  }
}

function addBlock({ texts, tools }: Reading, index: number, block: unknown): void {
  if (!isJsonObject(block)) return;
  const { type, text, name, input } = block;
  if (type === "text") texts.set(index, textOrNull(text) ?? "");
  if (type === "tool_use" || type === "server_tool_use") {
    tools.set(index, { name: textOrNull(name) ?? "?", input, json: "" });
  }
}

function addDelta({ texts, tools }: Reading, index: number, delta: JsonObject): void {
  const { text, partial_json: json } = delta;
  const tool = tools.get(index);
  if (typeof text === "string") texts.set(index, (texts.get(index) ?? "") + text);
  if (typeof json === "string" && tool !== undefined) tool.json += json;
}

/** Later counts are totals and replace earlier ones; some upstreams name the prompt only at the beginning. */
function addUsage(reading: Reading, usage: unknown): void {
  if (!isJsonObject(usage)) return;
  const { usage: before } = reading;
  const count = (name: string, earlier: number | null | undefined) => {
    const value = usage[name];
    return typeof value === "number" ? value : (earlier ?? null);
  };
  reading.usage = {
    inputTokens: count("input_tokens", before?.inputTokens),
    outputTokens: count("output_tokens", before?.outputTokens),
    cacheReadTokens: count("cache_read_input_tokens", before?.cacheReadTokens),
    cacheWriteTokens: count("cache_creation_input_tokens", before?.cacheWriteTokens),
  };
}

function readError({ type, error }: JsonObject): string | null {
  if (type !== "error" || !isJsonObject(error)) return null;
  return `${textOrNull(error["type"]) ?? "error"}: ${textOrNull(error["message"]) ?? ""}`;
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function parseObject(text: string): JsonObject | null {
  const value = parseExactJson(text);
  return isJsonObject(value) ? value : null;
}
