import { ApiError } from "../../anthropic/api-error.ts";
import type { ImageBlockParam } from "../../anthropic/content-block.ts";
import type { Profile } from "../../profiles/profile.ts";
import type { ContentPart } from "../../protocols/chat/chat-request.ts";
import { convertCacheMark } from "../../protocols/chat/request/convert-cache-mark.ts";
import type { RequestNotes } from "../request-notes.ts";
import { isDataUrl, readBase64 } from "./read-base64.ts";

/** What the model reads in place of an image that it cannot see (rule 2.2). */
export const omittedImageText = "[image omitted: the model does not accept images]";

/** Media types that Ollama decodes. */
const commonMediaTypes = ["image/jpeg", "image/jpg", "image/png", "image/webp"];

/**
 * The image as a part, or a text in its place where the upstream takes no image of this kind (rule 2.2). Throws
 * ApiError for a file source.
 */
export function readImage(
  block: Pick<ImageBlockParam, "source" | "cache_control">,
  profile: Profile,
  notes: RequestNotes,
): ContentPart {
  const source = readSource(block.source);
  if (source.type === "file") throw new ApiError("invalid_request_error", "file sources are not supported");
  const mark = convertCacheMark(block.cache_control, profile);
  if (profile.images === "none") return omitImage(notes);
  if (source.type === "url") {
    if (profile.images === "url") return { type: "image_url", image_url: { url: source.url }, ...mark };
    if (isDataUrl(source.url)) return omitImage(notes);
    notes.repairs.add("an image URL was left out: the upstream takes image data only");
    return { type: "text", text: `[image at ${source.url} omitted]` };
  }
  const { data } = source;
  const mediaType = findMediaType(data) ?? source.media_type;
  if (profile.images === "base64-jpeg-png-webp" && !commonMediaTypes.includes(mediaType))
    return omitImage(notes);
  return { type: "image_url", image_url: { url: `data:${mediaType};base64,${data}` }, ...mark };
}

function omitImage(notes: RequestNotes): ContentPart {
  notes.repairs.add("an image was left out: the model does not accept it");
  return { type: "text", text: omittedImageText };
}

/** A data URL is what it holds, whichever of the two it was given as. */
function readSource(source: ImageBlockParam["source"]): ImageBlockParam["source"] {
  if (source.type === "base64") return { type: "base64", ...readBase64(source) };
  if (source.type === "file" || !isDataUrl(source.url)) return source;
  const held = readBase64({ media_type: "", data: source.url });
  return held.media_type === "" ? source : { type: "base64", ...held };
}

/** The media type that the first bytes tell, or undefined when they are none we know. */
function findMediaType(base64: string): string | undefined {
  const head = Buffer.from(base64.slice(0, 16), "base64").toString("latin1");
  if (head.startsWith("\x89PNG")) return "image/png";
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (head.startsWith("GIF8")) return "image/gif";
  return head.startsWith("RIFF") && head.slice(8) === "WEBP" ? "image/webp" : undefined;
}
