/**
 * A shorter secret is a placeholder such as `ollama`: taking it out everywhere would garble every text that names a
 * model, and would protect nothing.
 */
const shortestSecret = 8;

/** How the characters of a form may be written: `plain` unchanged, the others in either variant of their alphabets. */
export type FormAlphabet = "plain" | "base64" | "hex";

/** A secret as it looks encoded as a whole; each of its characters may be encoded once more. */
export interface SecretForm {
  alphabet: FormAlphabet;
  /** In the standard base64 alphabet or in lower-case hex; without backslashes, which are ignored. */
  text: string;
}

/**
 * The forms of a secret: unchanged, as hex, and as base64 of bytes that contain it anywhere. None for a secret of less
 * than 8 characters.
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

/** The 8 or more base64 characters that encode `secret` if `offset` bytes, or 3 more, 6 more, precede it. */
function base64At(offset: number, secret: string): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  // The first and last characters also carry bits of their neighbours, so they are left out.
  return bytes.toString("base64").slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6));
}

/** Maps a character to the form's alphabet: both variants of base64 become one, and so do both cases of hex. */
export function foldCode(code: number, alphabet: FormAlphabet): number {
  if (alphabet === "base64") {
    if (code === 0x2d) return 0x2b;
    if (code === 0x5f) return 0x2f;
  } else if (alphabet === "hex" && code >= 0x41 && code <= 0x46) return code + 0x20;
  return code;
}

/** The ways in which the first characters of a form can appear in a text that does not encode them once more. */
export function literalStarts({ alphabet, text }: SecretForm, length: number): string[] {
  const start = text.slice(0, length);
  if (alphabet === "base64") return [...new Set([start, start.replaceAll("+", "-").replaceAll("/", "_")])];
  return alphabet === "hex" ? [...new Set([start, start.toUpperCase()])] : [start];
}

/** Secrets of at least so many characters cannot be guessed: with a digit among them, and without one. */
const unguessableLength = { withDigit: 16, withoutDigit: 32 };

/**
 * Whether a secret should be taken out of the model's output. Placeholders such as `lm-studio`, `not-needed` and
 * `sk-no-key-required` open nothing, and a program that a model writes may well contain them. The same is true of
 * numbers.
 */
export function isUnguessable(secret: string): boolean {
  const { withDigit, withoutDigit } = unguessableLength;
  return /\D/.test(secret) && secret.length >= (/\d/.test(secret) ? withDigit : withoutDigit);
}
