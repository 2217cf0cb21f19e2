import { isJsonObject, type JsonObject, nonEmptyString } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";
import type { ProtocolId } from "../../profiles/protocol-id.ts";

/** What a person gave to be translated. */
export type TranslationInput =
  | { readonly kind: "request" }
  | {
      readonly kind: "stream" | "whole";
      /** The bytes as an upstream sends them. */
      readonly bytes: Uint8Array<ArrayBuffer>;
      /** The wire that it came on, by its words. */
      readonly protocol: ProtocolId;
      /** The model that it names; null if it names none. */
      readonly model: string | null;
    };

/** A line of a stream. */
const streamLine = /^(?:data|event|id|retry)?:/;

/**
 * Recognises a messages request by its messages; other JSON is a whole answer, and lines of a stream, or of the JSON in
 * one, are an answer in pieces. Null for anything else.
 */
export function classifyInput(text: string): TranslationInput | null {
  const whole = parseJson(text);
  if (isJsonObject(whole) && Array.isArray(whole["messages"])) return { kind: "request" };
  if (typeof whole === "object" && whole !== null) {
    return { kind: "whole", bytes: encode(text), ...describeAnswer(isJsonObject(whole) ? [whole] : []) };
  }
  const lines = text.split(/\r\n|\r|\n/);
  if (!isBare(lines) && !lines.some((line) => streamLine.test(line))) return null;
  const items = lines.map((line) => parseJson(line.replace(/^data:/, ""))).filter(isJsonObject);
  return { kind: "stream", bytes: encode(isBare(lines) ? frame(lines) : text), ...describeAnswer(items) };
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Whether the lines are the data of a stream without its framing, as some programs keep it. */
function isBare(lines: readonly string[]): boolean {
  const filled = lines.filter((line) => line.trim() !== "");
  return (
    filled.length > 0 && filled.every((line) => line.trim() === "[DONE]" || isJsonObject(parseJson(line)))
  );
}

function frame(lines: readonly string[]): string {
  return lines
    .filter((line) => line.trim() !== "")
    .map((line) => `data: ${line.trim()}\n\n`)
    .join("");
}

function describeAnswer(items: readonly JsonObject[]): { protocol: ProtocolId; model: string | null } {
  const inner = items.flatMap((item) =>
    [item, item["response"], item["message"]].filter((part) => isJsonObject(part)),
  );
  const model = inner.map(({ model: named }) => nonEmptyString(named)).find((named) => named !== undefined);
  return {
    protocol: items.map(findProtocol).find((found) => found !== null) ?? "chat",
    model: model ?? null,
  };
}

function findProtocol({ type, object }: JsonObject): ProtocolId | null {
  if (object === "response") return "responses";
  if (typeof type !== "string") return null;
  if (type.startsWith("response.")) return "responses";
  return type === "message" || type === "message_start" ? "anthropic" : null;
}
