import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import { parseExactJson } from "../json/long-numbers.ts";
import type { HeardCall } from "./check.ts";

/** The blocks of an answer that grow with its events, whoever wrote them: the proxy, or an upstream that is passed on. */
export class HeardBlocks {
  readonly blocks: JsonObject[] = [];
  stopReason: string | null = null;
  /** What an upstream that is passed on told as an error inside its stream. */
  failure: string | null = null;
  #json = "";

  /** Adds an event of the stream; one of another form is left out. */
  add(event: unknown): void {
    if (!isJsonObject(event)) return;
    const { delta, error } = event;
    const last = this.blocks.at(-1);
    switch (event["type"]) {
      case "content_block_start":
        if (isJsonObject(event["content_block"])) this.blocks.push({ ...event["content_block"] });
        this.#json = "";
        return;
      case "content_block_delta":
        if (isJsonObject(delta) && last !== undefined) this.#grow(last, delta);
        return;
      case "content_block_stop":
        if (last !== undefined && this.#json !== "") last["input"] = parseExactJson(this.#json) ?? this.#json;
        return;
      case "message_delta":
        if (isJsonObject(delta) && typeof delta["stop_reason"] === "string")
          this.stopReason = delta["stop_reason"];
        return;
      case "error":
        this.failure =
          isJsonObject(error) && typeof error["message"] === "string" && error["message"] !== ""
            ? error["message"]
            : "the stream ended with an error that says nothing";
    }
  }

  get text(): string {
    return this.blocks
      .map(({ type, text }) => (type === "text" && typeof text === "string" ? text : ""))
      .join("");
  }

  get calls(): HeardCall[] {
    return this.blocks.flatMap(({ type, id, name, input }) =>
      type === "tool_use" && typeof id === "string" && typeof name === "string" ? [{ id, name, input }] : [],
    );
  }

  #grow(block: JsonObject, { text, thinking, signature, partial_json: json }: JsonObject): void {
    if (typeof text === "string") block["text"] = join(block["text"], text);
    if (typeof thinking === "string") block["thinking"] = join(block["thinking"], thinking);
    if (typeof signature === "string") block["signature"] = join(block["signature"], signature);
    if (typeof json === "string") this.#json += json;
  }
}

function join(before: unknown, piece: string): string {
  return typeof before === "string" ? before + piece : piece;
}
