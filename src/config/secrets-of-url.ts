/** Names of headers and of members of a query whose values are keys, also when they are written out. */
export const secretName = /auth|key|token|secret|cookie|password|signature|^sig$/i;

/** The password and the keys that an address contains, as they are written there and as they are meant. */
export function secretsOfUrl(text: string | undefined): string[] {
  const url = text === undefined ? null : URL.parse(text);
  if (url === null) return [];
  const inQuery = [...url.searchParams].flatMap(([name, value]) => (secretName.test(name) ? [value] : []));
  return [url.password, decode(url.password), ...inQuery, ...inQuery.map(encodeURIComponent)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A % that stands for itself.
    return text;
  }
}
