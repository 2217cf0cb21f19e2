const tokensPerPage = 2000;
const bytesPerPage = 75_000;

/**
 * Tokens of a PDF document by its pages (rule 7). Pages are the objects of type `/Page` that stand in the open;
 * where all are inside compressed object streams, the size tells.
 */
export function countDocumentTokens(document: string): number {
  const bytes = Buffer.from(document.slice(document.indexOf(",") + 1), "base64");
  const pages = bytes.toString("latin1").match(/\/Type\s*\/Page(?![A-Za-z])/g)?.length ?? 0;
  return tokensPerPage * (pages > 0 ? pages : Math.ceil(bytes.byteLength / bytesPerPage));
}
