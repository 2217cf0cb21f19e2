/** A new key of a client: 256 random bits, in a form in which programs that look for keys see one. */
export function createKey(): string {
  const bits = crypto.getRandomValues(new Uint8Array(32));
  return `sk-cp-${bits.toBase64({ alphabet: "base64url", omitPadding: true })}`;
}
