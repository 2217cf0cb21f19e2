import type { ChatRequest } from "../chat-request.ts";
import { hasImage } from "./omit-images.ts";
import type { ChatRepair } from "./repair.ts";

/** A refusal that is recognised by its words, whatever its status and whether it names a field or not. */
interface KnownFault {
  /** In lower case; one of them must match. */
  words: readonly RegExp[];
  /** If these match, the words mean something else. */
  otherWords?: RegExp;
  /** Whether the request contains the cause, if the words alone do not decide. */
  isIn?: (sent: ChatRequest) => boolean;
  repair: ChatRepair;
}

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

const knownFaults: readonly KnownFault[] = [
  // The first is from Mistral's API, the second from templates that llama.cpp and others run.
  {
    words: [/unexpected role 'user' after role 'tool'/],
    repair: { kind: "assistant-between-tool-and-user", scope: "model" },
  },
  {
    words: [/\broles must alternate\b/],
    isIn: ({ messages }) =>
      messages.some(({ role }, index) => role === "user" && messages[index - 1]?.role === "tool"),
    repair: { kind: "assistant-between-tool-and-user", scope: "model" },
  },
  {
    words: [/\btool[ _]call[ _]ids?\b[^\n]{0,120}\blength (?:of )?9\b/],
    repair: { kind: "short-tool-ids", scope: "model" },
  },
  {
    words: [/\bonly supports? (?:single|one) tool[ _-]?calls?\b/],
    repair: { kind: "one-call-a-message", scope: "model" },
  },
  {
    words: [/\bsystem role (?:is )?not supported\b|\bsystem messages? (?:is|are) not supported\b/],
    repair: { kind: "system-into-user", scope: "model" },
  },
  {
    words: [/should be non-empty for object type/],
    repair: { kind: "omit-empty-parameters", scope: "model" },
  },
  {
    words: blindness,
    // One image may be refused for its format, while others are accepted.
    otherWords:
      /\b(?:image|media|mime|file)[ -](?:format|type|size|dimension)|\bformat\b|\bresolution\b|\bdecod|\bcorrupt|\btoo (?:large|big|many)\b/,
    isIn: ({ messages }) => messages.some(hasImage),
    repair: { kind: "omit-images", scope: "model" },
  },
];

/** The repair for a fault that `text`, in lower case, names in known words; else null. */
export function findKnownFault(text: string, sent: ChatRequest): ChatRepair | null {
  const fault = knownFaults.find(
    ({ words, otherWords, isIn }) =>
      words.some((one) => one.test(text)) &&
      otherWords?.test(text) !== true &&
      (isIn === undefined || isIn(sent)),
  );
  return fault?.repair ?? null;
}
