/**
 * A secret shorter than this is a placeholder such as `ollama`: taking it out everywhere would garble every text that
 * names a model, and would protect nothing.
 */
const shortestSecret = 8;

/** How the characters of a form may be written: `plain` as they are, the others in either of their alphabets. */
export type FormAlphabet = "plain" | "base64" | "hex";

/** What a secret looks like where it was encoded as a whole; each of its characters may be encoded once more. */
export interface SecretForm {
  alphabet: FormAlphabet;
  /** In the standard alphabet of base64 and in hex of lower case; without backslashes, which count for nothing. */
  text: string;
}

/**
 * The forms of a secret: as it is, as hex, and as base64 of bytes that have it anywhere. None of one that has less than
 * 8 characters.
 */
export function formsOfSecret(secret: string): SecretForm[] {
  const plain = secret.replaceAll("\\", "");
  if (plain.length < shortestSecret) return [];
  return [
    { alphabet: "plain", text: plain },
    ...[0, 1, 2].map((offset): SecretForm => ({ alphabet: "base64", text: base64At(offset, secret) })),
    { alphabet: "hex", text: Buffer.from(secret).toString("hex") },
  ];
}

/** The 8 or more characters of base64 that stand for `secret` where `offset` bytes, or 3 more, 6 more, are before it. */
function base64At(offset: number, secret: string): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  // The first and last characters also carry bits of the neighbours, so they are left out.
  return bytes.toString("base64").slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6));
}

/** A character as the alphabet's form has it: both alphabets of base64 are one, and so are both cases of hex. */
export function foldCode(code: number, alphabet: FormAlphabet): number {
  if (alphabet === "base64") {
    if (code === 0x2d) return 0x2b;
    if (code === 0x5f) return 0x2f;
  } else if (alphabet === "hex" && code >= 0x41 && code <= 0x46) return code + 0x20;
  return code;
}

/** The ways in which the first characters of a form stand in a text that encodes none of them once more. */
export function literalStarts({ alphabet, text }: SecretForm, length: number): string[] {
  const start = text.slice(0, length);
  if (alphabet === "base64") return [...new Set([start, start.replaceAll("+", "-").replaceAll("/", "_")])];
  return alphabet === "hex" ? [...new Set([start, start.toUpperCase()])] : [start];
}

/** Characters of a key that nobody guesses: with a digit among them, and without one. */
const unguessableLength = { withDigit: 16, withoutDigit: 32 };

/**
 * Whether a secret is one to take out of what a model says. `lm-studio`, `not-needed`, `sk-no-key-required` and the
 * like open nothing, and a program that a model writes may well hold them. So may it hold any number.
 */
export function isUnguessable(secret: string): boolean {
  const { withDigit, withoutDigit } = unguessableLength;
  return /\D/.test(secret) && secret.length >= (/\d/.test(secret) ? withDigit : withoutDigit);
}
