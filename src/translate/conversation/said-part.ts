import type { CacheControlParam } from "../../anthropic/content-block.ts";

/** A prompt cache mark as the client sent it. */
export type CacheMark = NonNullable<CacheControlParam>;

/** Without a mark it has no member but these two, so that a wire may send the object itself as its text part. */
export interface SaidText {
  type: "text";
  text: string;
  mark?: CacheMark;
}

/** Base64 without line breaks, or a place. The URL of a document may hold its data: then it goes on as it came. */
export type SaidSource = { type: "base64"; mediaType: string; data: string } | { type: "url"; url: string };

export interface SaidImage {
  type: "image";
  source: SaidSource;
  mark?: CacheMark;
}

/** A PDF. Documents of text have become text. */
export interface SaidDocument {
  type: "document";
  source: SaidSource;
  title: string | null;
  mark?: CacheMark;
}

/** What a user or a tool says: read, and of a kind that the model takes, but not yet in the form of any wire. */
export type SaidPart = SaidText | SaidImage | SaidDocument;

/** A text with the mark, if any, of what it is made of. */
export function createSaidText(text: string, mark: CacheControlParam): SaidText {
  return mark === null || mark === undefined ? { type: "text", text } : { type: "text", text, mark };
}
