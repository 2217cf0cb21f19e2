import type { SentParts } from "./sent-parts.ts";
import type { SharedRepair } from "./shared-repair.ts";

/** Words with which models that cannot see refuse an image. One of them must match. */
const blindness: readonly RegExp[] = [
  /\b(?:images?|image[_ -](?:urls?|inputs?)|vision|multi-?modal|pictures?)\b[^.\n]{0,40}\b(?:not (?:supported|available|enabled|allowed|accepted|permitted)|unsupported)\b/,
  /(?:\bnot|n't|\bcannot|\bunable to) (?:support|accept|take|process|handle|read|see)\b[^.\n]{0,40}\b(?:images?|image[_ -](?:urls?|inputs?)|vision|multi-?modal|pictures?)\b/,
  /\bunsupported\b[^.\n]{0,30}\bimage_urls?\b/,
  /\bfound that support (?:image|vision|multi-?modal)/,
  /\bnot a (?:multi-?modal|vision)\b/,
  /\bunknown variant [`'"]image_url/,
  /\bimage_url is only supported\b/,
  /\bprovide the mmproj\b/,
  /\brequired for image input\b/,
  /\bat most 0 image/,
];

/** One image may be refused for its format, while others are accepted. */
const ofOneImage =
  /\b(?:image|media|mime|file)[ -](?:format|type|size|dimension)|\bformat\b|\bresolution\b|\bdecod|\bcorrupt|\btoo (?:large|big|many)\b/;

/** Rule 2.2: the repair for an error about images that the model cannot see, or null. `text` is in lower case. */
export function findImageFault(text: string, sent: Pick<SentParts, "hasImages">): SharedRepair | null {
  if (!sent.hasImages || ofOneImage.test(text) || !blindness.some((one) => one.test(text))) return null;
  return { kind: "omit-images", scope: "model" };
}
