/** Tells a text of any length from all others, in a column that has an index. */
export function digestText(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex");
}
