/** What is kept of a client's key: its SHA-256 in hexadecimal digits. The key cannot be read from it. */
export function digestKey(key: string): string {
  return new Bun.CryptoHasher("sha256").update(key).digest("hex");
}
