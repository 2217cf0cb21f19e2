/**
 * A model was at work, and nobody knows for how much: also where the answer broke off before its tokens were told. The
 * index by time holds all that it reads, the pattern of the path as it stands here: written otherwise, each row is read.
 */
export const isUnknownCostSql =
  "(cost_picousd is null and path glob '*/messages'" +
  " and (coalesce(output_tokens, 0) > 0 or (sends > 0 and status in (200, 499))))";
