import { type ImageSize, readImageSize } from "./read-image-size.ts";

const maxTokens = 1600;

/**
 * Tokens of one image for a model, by its size in pixels (rule 7). An image outside the request, or of an unknown
 * format, counts the most.
 */
export function countImageTokens(url: unknown, model: string): number {
  const size = typeof url === "string" && url.startsWith("data:") ? readImageSize(decodeHead(url)) : null;
  if (size === null) return maxTokens;
  const tiles = tilePrices.find(([pattern]) => pattern.test(model));
  return tiles === undefined ? countByArea(size) : countByTiles(size, tiles[1], tiles[2]);
}

/** 192 KiB of bytes. A JPEG has its size after its embedded preview and its colour profile. */
const headCharacters = 262_144;

/** Decodes the first bytes of a data URL's content: enough for the header of any image. */
function decodeHead(dataUrl: string): Uint8Array {
  const start = dataUrl.indexOf(",") + 1;
  return Buffer.from(dataUrl.slice(start, start + headCharacters), "base64");
}

const longEdgePixels = 1568;
const pixelsPerToken = 750;
const minTokens = 64;

/** Source: Anthropic's vision guide. */
function countByArea(size: ImageSize): number {
  const { width, height } = shrink(size, longEdgePixels / Math.max(size.width, size.height));
  return Math.min(maxTokens, Math.max(minTokens, Math.ceil((width * height) / pixelsPerToken)));
}

/**
 * Models that charge a base and a price for each tile. Source: OpenAI's vision guide; the numbers agree with measured
 * charges (community.openai.com/t/1262691). Newer models charge patches, and `countByArea` comes close to that.
 */
const tilePrices: readonly (readonly [RegExp, base: number, perTile: number])[] = [
  [/(^|\/)gpt-4o-mini/, 2833, 5667],
  [/(^|\/)gpt-4(o|\.5|\.1(?!-mini|-nano)|-turbo)/, 85, 170],
  [/(^|\/)o[13](?!-mini)/, 75, 150],
];

const tilePixels = 512;
const longEdgeOfTiles = 2048;
const shortEdgeOfTiles = 768;

function countByTiles(size: ImageSize, base: number, perTile: number): number {
  const fitted = shrink(size, longEdgeOfTiles / Math.max(size.width, size.height));
  const { width, height } = shrink(fitted, shortEdgeOfTiles / Math.min(fitted.width, fitted.height));
  return base + perTile * Math.ceil(width / tilePixels) * Math.ceil(height / tilePixels);
}

/** The size scaled by `scale`, in whole pixels; never enlarged. */
function shrink({ width, height }: ImageSize, scale: number): ImageSize {
  if (scale >= 1) return { width, height };
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}
