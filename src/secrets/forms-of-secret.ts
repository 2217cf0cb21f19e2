/**
 * A secret shorter than this is a placeholder such as `ollama`: taking it out everywhere would garble every text that
 * names a model, and would protect nothing.
 */
const shortestSecret = 8;

/**
 * The ways in which a secret may stand in a text: as it is, inside JSON, inside JSON that is a text in JSON, URL-encoded,
 * and as base64 of bytes that have it anywhere. The longest first, so that none takes a part out of another; none of a
 * secret of less than 8 characters.
 */
export function formsOfSecret(secret: string): string[] {
  if (secret.length < shortestSecret) return [];
  const jsonForm = JSON.stringify(secret).slice(1, -1);
  const jsonInJsonForm = JSON.stringify(jsonForm).slice(1, -1);
  const forms = [secret, jsonForm, jsonInJsonForm, encodeURIComponent(secret), ...base64Forms(secret)];
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

/** The 8 or more characters of base64 that stand for `secret` wherever it begins inside the encoded bytes. */
function base64Forms(secret: string): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
    // The first and last characters also carry bits of the neighbours, so they are left out.
    const start = Math.ceil((offset * 8) / 6);
    const end = Math.floor((bytes.length * 8) / 6);
    return [bytes.toString("base64").slice(start, end), bytes.toString("base64url").slice(start, end)];
  });
}
