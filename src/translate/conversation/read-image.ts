import { ApiError } from "../../anthropic/api-error.ts";
import type { ImageBlockParam } from "../../anthropic/content-block.ts";
import type { MessageTraits } from "../../profiles/model-traits.ts";
import type { RequestNotes } from "../request-notes.ts";
import { isDataUrl, readBase64 } from "./read-base64.ts";
import type { SaidImage, SaidPart, SaidSource, SaidText } from "./said-part.ts";

/** The text that replaces an image that the model cannot see (rule 2.2). */
export const omittedImageText = "[image omitted: the model does not accept images]";

/** Media types that Ollama decodes. */
const commonMediaTypes = ["image/jpeg", "image/jpg", "image/png", "image/webp"];

/**
 * The image with its source read, or a text if the model accepts no image of this kind (rule 2.2). Throws ApiError for
 * a file source.
 */
export function readImage(
  { source: given, cache_control: mark }: Pick<ImageBlockParam, "source" | "cache_control">,
  { images }: Pick<MessageTraits, "images">,
  notes: RequestNotes,
): SaidPart {
  if (given.type === "file") throw new ApiError("invalid_request_error", "file sources are not supported");
  const source = readSource(given);
  if (images === "none") return omitImage(notes);
  if (source.type === "url") {
    if (images === "url") return createImage(source, mark);
    if (isDataUrl(source.url)) return omitImage(notes);
    notes.mended.add("an image URL was left out: the upstream takes image data only");
    return { type: "text", text: `[image at ${source.url} omitted]` };
  }
  const mediaType = findMediaType(source.data) ?? source.mediaType;
  if (images === "base64-jpeg-png-webp" && !commonMediaTypes.includes(mediaType)) return omitImage(notes);
  return createImage({ ...source, mediaType }, mark);
}

function createImage(source: SaidSource, mark: ImageBlockParam["cache_control"]): SaidImage {
  return { type: "image", source, ...(mark && { mark }) };
}

function omitImage(notes: RequestNotes): SaidText {
  notes.mended.add("an image was left out: the model does not accept it");
  return { type: "text", text: omittedImageText };
}

/** A data URL counts as its data, even in a source of type `url`. */
function readSource(source: Exclude<ImageBlockParam["source"], { type: "file" }>): SaidSource {
  if (source.type === "base64") {
    const { media_type: mediaType, data } = readBase64(source);
    return { type: "base64", mediaType, data };
  }
  const { url } = source;
  if (!isDataUrl(url)) return { type: "url", url };
  const { media_type: mediaType, data } = readBase64({ media_type: "", data: url });
  return mediaType === "" ? { type: "url", url } : { type: "base64", mediaType, data };
}

/** The media type by the first bytes, or undefined if they are unknown. */
function findMediaType(base64: string): string | undefined {
  const head = Buffer.from(base64.slice(0, 16), "base64").toString("latin1");
  if (head.startsWith("\x89PNG")) return "image/png";
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (head.startsWith("GIF8")) return "image/gif";
  return head.startsWith("RIFF") && head.slice(8) === "WEBP" ? "image/webp" : undefined;
}
