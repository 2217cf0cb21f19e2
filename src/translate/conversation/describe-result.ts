import type { SaidDocument, SaidImage, SaidPart, SaidText } from "./said-part.ts";
import type { SaidResult } from "./turn.ts";

/** Texts that already say that something failed. */
const saysError = /^(Error|<tool_use_error>|<error>)/;

const noOutput: SaidText = { type: "text", text: "(no output)" };

/**
 * A result for wires that have no member for its success (rule 2.3): at least one part, and an error says that it is
 * one.
 */
export function describeResult({
  parts,
  isError,
}: Pick<SaidResult, "parts" | "isError">): readonly SaidPart[] {
  const said = parts.length > 0 ? parts : [noOutput];
  if (!isError) return said;
  const [first, ...others] = said;
  if (first?.type !== "text") return [{ type: "text", text: "Error:" }, ...said];
  return saysError.test(first.text) ? said : [{ ...first, text: `Error: ${first.text}` }, ...others];
}

/** A part that is no text. */
export type SaidMedia = SaidImage | SaidDocument;

/**
 * Takes media out of a described result for a wire on which a result cannot hold them (rule 2.3); the parts that stay
 * end with a line that announces them. They go into a message of the user after all results of the turn, behind the
 * label that names the result.
 */
export function detachMedia(
  parts: readonly SaidPart[],
  isDetached: (media: SaidMedia) => boolean,
): { kept: readonly SaidPart[]; media: readonly SaidMedia[] } {
  // Nearly every result is text only.
  if (parts.every(({ type }) => type === "text")) return { kept: parts, media: [] };
  const kept: SaidPart[] = [];
  const media: SaidMedia[] = [];
  for (const part of parts) {
    if (part.type !== "text" && isDetached(part)) media.push(part);
    else kept.push(part);
  }
  if (media.length > 0) kept.push({ type: "text", text: describeAttachments(media) });
  return { kept, media };
}

/** The text before the media of a result; `callId` is the id of its call on the upstream's wire. */
export function labelAttachments(callId: string): SaidText {
  return { type: "text", text: `Attachment of tool result ${callId}:` };
}

function describeAttachments(media: readonly SaidMedia[]): string {
  const images = media.filter(({ type }) => type === "image").length;
  const documents = media.length - images;
  const counts = [
    ...(images > 0 ? [images === 1 ? "1 image" : `${images} images`] : []),
    ...(documents > 0 ? [documents === 1 ? "1 document" : `${documents} documents`] : []),
  ];
  return `[${counts.join(" and ")} attached in the next message]`;
}
