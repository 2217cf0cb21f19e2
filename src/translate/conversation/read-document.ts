import { ApiError } from "../../anthropic/api-error.ts";
import type { ContentBlock, DocumentBlockParam } from "../../anthropic/content-block.ts";
import type { MessageTraits } from "../../profiles/model-traits.ts";
import type { RequestNotes } from "../request-notes.ts";
import { isDataUrl, readBase64 } from "./read-base64.ts";
import { createSaidText, type SaidPart, type SaidSource } from "./said-part.ts";

/** Reads the blocks inside a document. */
type ReadBlocks = (content: string | readonly ContentBlock[]) => SaidPart[];

/** A document as parts: a PDF if the model accepts one, else text (rule 2.2). Throws ApiError for a file source. */
export function readDocument(
  block: DocumentBlockParam,
  traits: Pick<MessageTraits, "pdf">,
  notes: RequestNotes,
  readBlocks: ReadBlocks,
): SaidPart[] {
  const { source } = block;
  switch (source.type) {
    case "file":
      throw new ApiError("invalid_request_error", "file sources are not supported");
    case "text":
      return wrap(block, [{ type: "text", text: source.data }]);
    case "content":
      return wrap(block, readBlocks(source.content));
    case "url":
      return [readPdf(block, { type: "url", url: source.url }, traits, notes)];
    case "base64": {
      const { media_type: mediaType, data } = readBase64(source);
      return [readPdf(block, { type: "base64", mediaType, data }, traits, notes)];
    }
  }
}

function readPdf(
  { title, cache_control: mark }: DocumentBlockParam,
  source: SaidSource,
  { pdf }: Pick<MessageTraits, "pdf">,
  notes: RequestNotes,
): SaidPart {
  const isInline = source.type === "base64" || isDataUrl(source.url);
  const isTaken =
    pdf === "document_url" ||
    pdf === "file-or-url" ||
    (pdf === "file" && isInline) ||
    (pdf === "url" && !isInline);
  if (isTaken) {
    return { type: "document", source, title: title || null, ...(mark && { mark }) };
  }
  notes.mended.add("a PDF document was left out: the upstream does not take it");
  const called = title ? ` "${title}"` : "";
  const text = isInline
    ? `[PDF document${called} omitted: the upstream does not accept PDF files]`
    : `[PDF document${called} at ${source.url} omitted]`;
  return { type: "text", text };
}

/** Quotes a value for an attribute; no character of its own can end it. */
export function quoteAttribute(value: string): string {
  return `"${value.replaceAll('"', "&quot;")}"`;
}

/** Puts the parts between a line that opens the document and one that closes it; returns one part if all are text. */
function wrap(block: DocumentBlockParam, parts: readonly SaidPart[]): SaidPart[] {
  const context = block.context ? `${block.context}\n` : "";
  const title = block.title ? ` title=${quoteAttribute(block.title)}` : "";
  const opening = `${context}<document${title}>`;
  const closing = "</document>";
  const texts = parts.flatMap((part) => (part.type === "text" ? [part.text] : []));
  if (texts.length === parts.length) {
    // Adding piece by piece copies nothing, while `join` would copy nested documents once for each level.
    const inner = texts.reduce((before, text) => `${before}${text}\n`, "");
    return [createSaidText(`${opening}\n${inner}${closing}`, block.cache_control)];
  }
  return [{ type: "text", text: opening }, ...parts, createSaidText(closing, block.cache_control)];
}
