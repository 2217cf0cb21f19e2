import { ApiError } from "../../anthropic/api-error.ts";
import type { ContentBlock, DocumentBlockParam } from "../../anthropic/content-block.ts";
import type { Profile } from "../../profiles/profile.ts";
import type { ContentPart } from "../../protocols/chat/chat-request.ts";
import { convertCacheMark } from "../../protocols/chat/request/convert-cache-mark.ts";
import type { RequestNotes } from "../request-notes.ts";
import { isDataUrl, readBase64 } from "./read-base64.ts";

/** Converts the blocks inside a document. */
type ConvertBlocks = (content: string | readonly ContentBlock[]) => ContentPart[];

/**
 * A document as parts: a file where the upstream takes one, else text (rule 2.2). Throws ApiError for a file
 * source.
 */
export function readDocument(
  block: DocumentBlockParam,
  profile: Profile,
  notes: RequestNotes,
  convertBlocks: ConvertBlocks,
): ContentPart[] {
  const { source } = block;
  switch (source.type) {
    case "file":
      throw new ApiError("invalid_request_error", "file sources are not supported");
    case "text":
      return wrap(block, [{ type: "text", text: source.data }], profile);
    case "content":
      return wrap(block, convertBlocks(source.content), profile);
    case "url":
      return [convertPdf(block, source.url, profile, notes)];
    case "base64":
      return [convertPdf(block, dataUrl(source), profile, notes)];
  }
}

function dataUrl(source: { media_type: string; data: string }): string {
  const { media_type, data } = readBase64(source);
  return `data:${media_type};base64,${data}`;
}

function convertPdf(
  block: DocumentBlockParam,
  url: string,
  profile: Profile,
  notes: RequestNotes,
): ContentPart {
  const isInline = isDataUrl(url);
  if (profile.pdf === "document_url") {
    return { type: "document_url", document_url: url, ...(block.title && { document_name: block.title }) };
  }
  if (profile.pdf === "file-or-url" || (profile.pdf === "file" && isInline)) {
    const file = { filename: block.title || "document.pdf", file_data: url };
    return { type: "file", file, ...convertCacheMark(block.cache_control, profile) };
  }
  notes.repairs.add("a PDF document was left out: the upstream does not take it");
  const title = block.title ? ` "${block.title}"` : "";
  const text = isInline
    ? `[PDF document${title} omitted: the upstream does not accept PDF files]`
    : `[PDF document${title} at ${url} omitted]`;
  return { type: "text", text };
}

/** A value between quotation marks, in which none of its own can end it. */
export function quoteAttribute(value: string): string {
  return `"${value.replaceAll('"', "&quot;")}"`;
}

/** The parts between a line that opens the document and one that closes it; one part when all is text. */
function wrap(block: DocumentBlockParam, parts: readonly ContentPart[], profile: Profile): ContentPart[] {
  const context = block.context ? `${block.context}\n` : "";
  const title = block.title ? ` title=${quoteAttribute(block.title)}` : "";
  const opening = `${context}<document${title}>`;
  const closing = "</document>";
  const mark = convertCacheMark(block.cache_control, profile);
  const texts = parts.flatMap((part) => (part.type === "text" ? [part.text] : []));
  if (texts.length === parts.length) {
    // Added piece by piece: that copies nothing, while documents in documents are joined once for each level.
    const inner = texts.reduce((before, text) => `${before}${text}\n`, "");
    return [{ type: "text", text: `${opening}\n${inner}${closing}`, ...mark }];
  }
  return [{ type: "text", text: opening }, ...parts, { type: "text", text: closing, ...mark }];
}
