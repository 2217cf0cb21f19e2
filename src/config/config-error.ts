/** The settings do not allow a start. `run-program.ts` prints the message as it is and ends with exit code 2. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** One line for each fault: the setting, what is wrong with it, an example; never a secret's value. */
  readonly problems: readonly string[];

  /** @param hint a last line that says where settings may be put */
  constructor(problems: readonly string[], hint: string) {
    super([...problems, hint].join("\n"));
    this.problems = problems;
  }
}
