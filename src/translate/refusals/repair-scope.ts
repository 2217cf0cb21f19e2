/** How long and for which requests a repair that helped is remembered. */
export type RepairScope =
  /** Not remembered: it fits this one request only. */
  | "request"
  /** For ten minutes, and for the conversation only. */
  | "conversation"
  /** For all requests of the model; one request an hour is sent without it, which shows whether it is still needed. */
  | "model";
