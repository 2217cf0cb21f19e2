import { readImageSize } from "./read-image-size.ts";

const longEdgePixels = 1568;
const pixelsPerToken = 750;
const maxTokens = 1600;
const minTokens = 64;

/** Tokens of one image by its size in pixels (rule 7); an image that is not in the request counts the most. */
export function countImageTokens(url: unknown): number {
  const size = typeof url === "string" && url.startsWith("data:") ? readImageSize(decodeHead(url)) : null;
  if (size === null) return maxTokens;
  const scale = Math.min(1, longEdgePixels / Math.max(size.width, size.height));
  const pixels = Math.round(size.width * scale) * Math.round(size.height * scale);
  return Math.min(maxTokens, Math.max(minTokens, Math.ceil(pixels / pixelsPerToken)));
}

/** The first bytes of a data URL's content: enough for the header, however large the image. */
function decodeHead(dataUrl: string): Uint8Array {
  const start = dataUrl.indexOf(",") + 1;
  return Buffer.from(dataUrl.slice(start, start + headCharacters), "base64");
}

/** 192 KiB of bytes. A JPEG's size stands behind its embedded preview and colour profile. */
const headCharacters = 262_144;
