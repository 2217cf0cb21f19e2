/** In characters: the longest heartbeat that was seen, and some more. */
const longestHeartbeat = 100;

/** Texts with one of these words explain a failure. */
const tellsFailure =
  /error|fail|fault|exception|invalid|denied|forbidden|authori[sz]|unavail|exceed|limit|quota|time(?:d )?-?out|abort|cancel|refused|reject|overload|crash|panic|kill|lost|not |cannot|unable|gateway|insufficient|out of/i;

/**
 * Whether the data of an event is a sign of life without content (rule 4.2), such as `ping`: words without any of the
 * characters that JSON and HTML are made of. Words that report a failure do not count.
 */
export function isHeartbeat(data: string): boolean {
  return data.length <= longestHeartbeat && /^[^{}[\]<>"]*$/.test(data) && !tellsFailure.test(data);
}
