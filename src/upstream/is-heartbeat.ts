/** Characters of the longest that was seen, and some more. */
const longestHeartbeat = 100;

/** Texts with one of these tell why there is no answer. */
const tellsFailure =
  /error|fail|fault|exception|invalid|denied|forbidden|authori[sz]|unavail|exceed|limit|quota|time(?:d )?-?out|abort|cancel|refused|reject|overload|crash|panic|kill|lost|not |cannot|unable|gateway|insufficient|out of/i;

/**
 * Whether the data of an event is a sign of life that says nothing (rule 4.2), such as `ping`: words without any of the
 * signs that JSON and pages are made of. Words of failures are none.
 */
export function isHeartbeat(data: string): boolean {
  return data.length <= longestHeartbeat && /^[^{}[\]<>"]*$/.test(data) && !tellsFailure.test(data);
}
