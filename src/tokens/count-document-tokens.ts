const tokensPerPage = 2000;
const bytesPerPage = 75_000;

/** Estimates the tokens of a PDF document by its length, which is fast for any length. */
export function guessDocumentTokens(document: string): number {
  const characters = document.length - (document.indexOf(",") + 1);
  return tokensOfBytes(Math.floor((characters * 3) / 4));
}

/**
 * Counts the tokens of a PDF document by its pages (rule 7). Pages are uncompressed objects of type `/Page`; if all
 * pages are inside compressed object streams, the size decides. It decodes and reads the whole document, which takes a
 * second for one of 24 MB: only for the tokenizer's own thread.
 */
export function countDocumentTokens(document: string): number {
  const bytes = Buffer.from(document.slice(document.indexOf(",") + 1), "base64");
  const pages = bytes.toString("latin1").match(/\/Type\s*\/Page(?![A-Za-z])/g)?.length ?? 0;
  return pages > 0 ? tokensPerPage * pages : tokensOfBytes(bytes.byteLength);
}

function tokensOfBytes(bytes: number): number {
  return tokensPerPage * Math.ceil(bytes / bytesPerPage);
}
