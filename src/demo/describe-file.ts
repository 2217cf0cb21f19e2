/** Names for colours, by their red, green and blue. */
const colours = [
  ["black", 0, 0, 0],
  ["white", 255, 255, 255],
  ["grey", 128, 128, 128],
  ["red", 255, 0, 0],
  ["green", 0, 160, 0],
  ["blue", 0, 0, 255],
  ["yellow", 255, 255, 0],
] as const;

/** More of a file than this is not described. */
const mostNamed = 8;

/**
 * What a program without a model can say of a file that was sent as a `data:` URL: the colours of a PNG with a palette,
 * the plain words of a PDF. Null if it can say nothing.
 */
export function describeFile(url: string): string | null {
  const parts = /^data:([\w/+.-]+);base64,(.+)$/s.exec(url);
  const bytes = decode(parts?.[2] ?? "");
  if (bytes === null) return null;
  const found = parts?.[1] === "application/pdf" ? listWords(bytes) : listColours(bytes);
  return found.length === 0 ? null : found.slice(0, mostNamed).join(", ");
}

/** One character for each byte; null for what is no base64. */
function decode(base64: string): string | null {
  try {
    return atob(base64);
  } catch {
    // The answer then says nothing of the file.
    return null;
  }
}

/** Source: PNG, third edition, 11.2.2: the palette is three bytes a colour, uncompressed. */
function listColours(bytes: string): string[] {
  const place = bytes.startsWith("\x89PNG") ? bytes.indexOf("PLTE") : -1;
  if (place === -1) return [];
  const codes = [...bytes.slice(place - 4, place)].map((character) => character.charCodeAt(0));
  const length = codes.reduce((sum, code) => sum * 256 + code, 0);
  const palette = bytes.slice(place + 4, place + 4 + Math.min(length, 3 * mostNamed));
  return (palette.match(/.../gs) ?? []).map((colour) =>
    nameColour([...colour].map((one) => one.charCodeAt(0))),
  );
}

function nameColour([red = 0, green = 0, blue = 0]: readonly number[]): string {
  const distance = ([, r, g, b]: (typeof colours)[number]) =>
    (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
  return colours.reduce((best, one) => (distance(one) < distance(best) ? one : best))[0];
}

/** Source: ISO 32000-1, 9.4.3: `(text) Tj` shows a text; only pages that are not compressed can be read. */
function listWords(bytes: string): string[] {
  return [...bytes.matchAll(/\(([^()\\]{1,200})\) ?Tj/g)].map(([, text = ""]) => text);
}
