import type { CacheControlParam } from "../../anthropic/content-block.ts";

/** A prompt cache mark as the client sent it. */
export type CacheMark = NonNullable<CacheControlParam>;

/** Without a mark it has only these two members, so that a wire may send the object itself as its text part. */
export interface SaidText {
  type: "text";
  text: string;
  mark?: CacheMark;
}

/** Base64 without line breaks, or a URL. The URL of a document may contain its data: then it is passed on unchanged. */
export type SaidSource = { type: "base64"; mediaType: string; data: string } | { type: "url"; url: string };

export interface SaidImage {
  type: "image";
  source: SaidSource;
  mark?: CacheMark;
}

/** A PDF. Text documents have already become text. */
export interface SaidDocument {
  type: "document";
  source: SaidSource;
  title: string | null;
  mark?: CacheMark;
}

/** The content of a user or a tool: read, and of a kind that the model accepts, but not yet in the form of any wire. */
export type SaidPart = SaidText | SaidImage | SaidDocument;

/** The address of a source: its own, or one that holds its data. */
export function urlOf(source: SaidSource): string {
  return source.type === "url" ? source.url : `data:${source.mediaType};base64,${source.data}`;
}

/** A text with the mark, if any, of the block that it comes from. */
export function createSaidText(text: string, mark: CacheControlParam): SaidText {
  return mark === null || mark === undefined ? { type: "text", text } : { type: "text", text, mark };
}
