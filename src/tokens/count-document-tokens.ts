const tokensPerPage = 2000;
const bytesPerPage = 75_000;

/** Tokens of a PDF document by its length, told at once however long it is. */
export function guessDocumentTokens(document: string): number {
  const characters = document.length - (document.indexOf(",") + 1);
  return tokensOfBytes(Math.floor((characters * 3) / 4));
}

/**
 * Tokens of a PDF document by its pages (rule 7). Pages are the objects of type `/Page` that stand in the open;
 * where all are inside compressed object streams, the size tells. It decodes and reads all of the document, which for
 * one of 24 MB takes a second: it is for the tokenizer's own thread.
 */
export function countDocumentTokens(document: string): number {
  const bytes = Buffer.from(document.slice(document.indexOf(",") + 1), "base64");
  const pages = bytes.toString("latin1").match(/\/Type\s*\/Page(?![A-Za-z])/g)?.length ?? 0;
  return pages > 0 ? tokensPerPage * pages : tokensOfBytes(bytes.byteLength);
}

function tokensOfBytes(bytes: number): number {
  return tokensPerPage * Math.ceil(bytes / bytesPerPage);
}
