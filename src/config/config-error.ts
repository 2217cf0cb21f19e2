/** The settings do not allow a start. `run-program.ts` prints the message unchanged and ends with exit code 2. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** One line for each fault: the setting, the fault, an example; never the value of a secret. */
  readonly problems: readonly string[];

  /** @param hint a last line that says where settings may be written; empty for none */
  constructor(problems: readonly string[], hint: string) {
    super([...problems, ...(hint === "" ? [] : [hint])].join("\n"));
    this.problems = problems;
  }
}
