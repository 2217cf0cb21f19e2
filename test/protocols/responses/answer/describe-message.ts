import type { Message, MessageBlock } from "../../../../src/anthropic/message.ts";
import { decodeEnvelope } from "../../../../src/translate/reasoning/decode-envelope.ts";

/** The blocks of a message, each as a line; of an envelope the blobs and the text that it carries. */
export function describeMessage(message: Message | null): string[] {
  return (message?.content ?? []).map(describeBlock);
}

function describeBlock(block: MessageBlock): string {
  switch (block.type) {
    case "text":
      return `text ${block.text}`;
    case "thinking":
      return `thinking ${block.thinking}${carried(block.signature)}`;
    case "redacted_thinking":
      return `redacted${carried(block.data)}`;
    case "tool_use":
      return `call ${block.id} ${block.name} ${JSON.stringify(block.input)}`;
    case "server_tool_use":
      return `search ${JSON.stringify(block.input)}`;
    case "web_search_tool_result": {
      const pages: unknown[] = Array.isArray(block.content) ? block.content : [];
      return `pages ${pages.map((page) => urlOf(page)).join(" ")}`;
    }
  }
}

function urlOf(page: unknown): string {
  return typeof page === "object" && page !== null && "url" in page ? String(page.url) : "";
}

function carried(signature: string): string {
  const envelope = decodeEnvelope(signature);
  const blobs = (envelope?.details ?? []).map((detail) =>
    typeof detail === "object" && detail !== null && "encrypted_content" in detail
      ? ` [${String(detail.encrypted_content)}]`
      : " [?]",
  );
  return `${envelope?.text === undefined ? "" : ` (${envelope.text})`}${blobs.join("")}`;
}
