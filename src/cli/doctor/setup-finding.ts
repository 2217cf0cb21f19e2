/** One thing that was found out about the set-up, without a request to a model. */
export interface SetupFinding {
  /** What was looked at: `settings`, `port`. */
  readonly subject: string;
  /** Of a warning the proxy works, but hardly as it was meant. */
  readonly standing: "ok" | "warning" | "fails";
  readonly text: string;
}
