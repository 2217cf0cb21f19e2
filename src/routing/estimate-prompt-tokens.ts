import type { ContentBlock } from "../anthropic/content-block.ts";
import type { ConversationRequest } from "../anthropic/messages-request.ts";
import { guessDocumentTokens } from "../tokens/count-document-tokens.ts";
import { countImageTokens } from "../tokens/count-image-tokens.ts";
import { estimateTextTokens } from "../tokens/estimate-text-tokens.ts";

/** Around each message, call, result and tool. */
const frameTokens = 6;

/** Bytes of an image's content, as base64, in which its size is found. */
const imageHeadCharacters = 262_144;

/**
 * Estimates the tokens of a request's prompt, the same for every model: its texts by their characters, images and
 * documents by their sizes. It waits for nothing, needs no tokenizer, and does not copy the conversation.
 */
export function estimatePromptTokens({ system, messages, tools }: ConversationRequest): number {
  let tokens = estimateContent(system);
  for (const { content } of messages) tokens += frameTokens + estimateContent(content);
  for (const { name, description, input_schema } of tools ?? []) {
    tokens += frameTokens + estimateText(name) + estimateText(description) + estimateJson(input_schema);
  }
  return tokens;
}

function estimateContent(content: string | readonly ContentBlock[] | null | undefined): number {
  if (content == null) return 0;
  if (typeof content === "string") return estimateText(content);
  return content.reduce((sum, block) => sum + estimateBlock(block), 0);
}

function estimateBlock(block: ContentBlock): number {
  switch (block.type) {
    case "text":
      return estimateText(block.text);
    case "tool_use":
      return frameTokens + estimateText(block.name) + estimateJson(block.input);
    case "tool_result":
      return frameTokens + estimateContent(block.content);
    case "thinking":
      return estimateText(block.thinking);
    case "image":
      return estimateImage(block.source);
    case "document":
      return estimateText(block.title) + estimateText(block.context) + estimateDocument(block.source);
    case "search_result":
      return estimateText(block.title) + estimateText(block.source) + estimateContent(block.content);
    // Opaque, or no part of the prompt.
    case "redacted_thinking":
    case "tool_reference":
    case "tool_removal":
      return 0;
    default:
      return estimateJson(block);
  }
}

function estimateText(text: string | null | undefined): number {
  return text == null ? 0 : estimateTextTokens(text);
}

function estimateJson(value: unknown): number {
  return value == null ? 0 : estimateTextTokens(JSON.stringify(value));
}

type ImageSource = Extract<ContentBlock, { type: "image" }>["source"];
type DocumentSource = Extract<ContentBlock, { type: "document" }>["source"];

function estimateImage(source: ImageSource): number {
  // What is elsewhere counts the most that an image can cost.
  if (source.type !== "base64") return countImageTokens(null, "");
  return countImageTokens(`data:image/*;base64,${source.data.slice(0, imageHeadCharacters)}`, "");
}

function estimateDocument(source: DocumentSource): number {
  switch (source.type) {
    case "base64":
      return guessDocumentTokens(source.data);
    case "text":
      return estimateText(source.data);
    case "content":
      return estimateContent(source.content);
    default:
      // What is elsewhere has one page at least.
      return guessDocumentTokens("AAAA");
  }
}
