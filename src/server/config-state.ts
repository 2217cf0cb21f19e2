/** How it stands with the configuration file while the server runs. */
export interface ConfigState {
  /** Absolute path of the file. */
  readonly path: string;
  /** When the configuration in force was read. */
  loadedAt: Date;
  /** A line for each reason why what the file says now is not in force; null if it is. */
  problem: readonly string[] | null;
  /** Names of settings whose changed values count from the next start on. */
  waiting: readonly string[];
}
