/** As `JSON.stringify` writes half a character that stands alone; not told from a backslash and these letters. */
const mayBeLoneSurrogate = /\\ud[89a-f]/;

/** Behind a pair of backslashes, which is one backslash of the text, no escape goes on. */
const backslashOrLoneSurrogate = /\\\\|\\ud[89a-f][0-9a-f]{2}/g;

/**
 * JSON as `JSON.stringify` wrote it, with U+FFFD for every half of a character that stands alone (rule 2.2): a text that
 * was cut inside an emoji stays in the client's history, and most upstreams refuse all of a request for it. Looked for
 * in what is sent, where no string can be missed; costs a twentieth of writing it when there is none.
 */
export function withoutLoneSurrogates(json: string): string {
  if (!mayBeLoneSurrogate.test(json)) return json;
  return json.replace(backslashOrLoneSurrogate, (found) => (found === "\\\\" ? found : "\\ufffd"));
}
