/** The text of a body from the form in which the record keeps it. Throws if it is damaged. */
export function unpackBody(content: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Bun.zstdDecompressSync(content));
}
