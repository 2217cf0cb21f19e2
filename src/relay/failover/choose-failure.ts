/** What decides on how useful a failure is to the client. */
export interface RankedFailure {
  /** The status that stands for it; null if the upstream gave none. */
  readonly status: number | null;
  /** How long the upstream wants to be left alone; null if it did not say. */
  readonly waitSeconds: number | null;
  /** The upstream was asked. */
  readonly wasSent: boolean;
}

/**
 * The failure that is of most use to the client when all have failed: the last 429 with the shortest wait, since it
 * says when to come back; else the first 401 or 403, since somebody has to act; else the first of what was sent.
 */
export function chooseFailure<Failure extends RankedFailure>(
  failures: readonly [Failure, ...Failure[]],
): Failure {
  const waitOf = ({ waitSeconds }: Failure) => waitSeconds ?? Number.POSITIVE_INFINITY;
  let limited: Failure | null = null;
  for (const one of failures)
    if (one.status === 429 && (limited === null || waitOf(one) <= waitOf(limited))) limited = one;
  const isRefused = ({ status }: Failure) => status === 401 || status === 403;
  return limited ?? failures.find(isRefused) ?? failures.find(({ wasSent }) => wasSent) ?? failures[0];
}
