import type { ContentBlock } from "../anthropic/content-block.ts";
import type { ConversationRequest } from "../anthropic/messages-request.ts";
import { guessDocumentTokens } from "../tokens/count-document-tokens.ts";
import { countImageTokens } from "../tokens/count-image-tokens.ts";
import { estimateTextTokens } from "../tokens/estimate-text-tokens.ts";

/** Around each message, call, result and tool. */
const frameTokens = 6;

/** Bytes of an image's content, as base64, in which its size is found. */
const imageHeadCharacters = 262_144;

/** Characters of all texts together that are read whole, or nearly; some 5 ms. */
const readWhole = 1_048_576;
/** Characters that are read of each text after these. */
const readLater = 1024;

/**
 * Estimates the tokens of a request's prompt, the same for every model: its texts by their characters, images and
 * documents by their sizes. It waits for nothing, needs no tokenizer, and does not copy the conversation.
 */
export function estimatePromptTokens({ system, messages, tools }: ConversationRequest): number {
  const estimate = new PromptEstimate();
  estimate.addContent(system);
  for (const { name, description, input_schema } of tools ?? []) {
    estimate.tokens += frameTokens;
    estimate.addText(name);
    estimate.addText(description);
    estimate.addJson(input_schema);
  }
  for (const { content } of messages) {
    estimate.tokens += frameTokens;
    estimate.addContent(content);
  }
  return estimate.tokens;
}

type ImageSource = Extract<ContentBlock, { type: "image" }>["source"];
type DocumentSource = Extract<ContentBlock, { type: "document" }>["source"];

/** The sum so far, and how much was read for it. */
class PromptEstimate {
  tokens = 0;
  #read = 0;

  addContent(content: string | readonly ContentBlock[] | null | undefined): void {
    if (typeof content === "string") this.addText(content);
    else for (const block of content ?? []) this.#addBlock(block);
  }

  addText(text: string | null | undefined): void {
    if (text == null) return;
    this.tokens += this.#read < readWhole ? estimateTextTokens(text) : estimateTextTokens(text, readLater);
    this.#read += text.length;
  }

  addJson(value: unknown): void {
    if (value != null) this.addText(JSON.stringify(value));
  }

  #addBlock(block: ContentBlock): void {
    switch (block.type) {
      case "text":
        this.addText(block.text);
        break;
      case "tool_use":
        this.tokens += frameTokens;
        this.addText(block.name);
        this.addJson(block.input);
        break;
      case "tool_result":
        this.tokens += frameTokens;
        this.addContent(block.content);
        break;
      case "thinking":
        this.addText(block.thinking);
        break;
      case "image":
        this.tokens += estimateImage(block.source);
        break;
      case "document":
        this.addText(block.title);
        this.addText(block.context);
        this.#addDocument(block.source);
        break;
      case "search_result":
        this.addText(block.title);
        this.addText(block.source);
        this.addContent(block.content);
        break;
      // Opaque, or no part of the prompt.
      case "redacted_thinking":
      case "tool_reference":
      case "tool_removal":
        break;
      default:
        this.addJson(block);
    }
  }

  #addDocument(source: DocumentSource): void {
    if (source.type === "text") this.addText(source.data);
    else if (source.type === "content") this.addContent(source.content);
    // What is elsewhere has one page at least.
    else this.tokens += guessDocumentTokens(source.type === "base64" ? source.data : "AAAA");
  }
}

function estimateImage(source: ImageSource): number {
  // What is elsewhere counts the most that an image can cost.
  if (source.type !== "base64") return countImageTokens(null, "");
  return countImageTokens(`data:image/*;base64,${source.data.slice(0, imageHeadCharacters)}`, "");
}
