/** What a request adds to one counter of a cap that several instances share. */
export interface SpendingCharge {
  /** '' for everybody. */
  readonly client: string;
  readonly period: "day" | "month" | "session";
  /** The first local day of the period, as 2026-11-30, or the id of the session. */
  readonly start: string;
  /** Picodollars, in digits: a JSON number is not exact that far. */
  readonly picousd: string;
}
