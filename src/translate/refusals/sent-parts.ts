/** What a refused request holds that its refusal may speak of, in words of no wire. */
export interface SentParts {
  /**
   * The fields without which the request still means something, in their order, with their values; a field inside
   * messages or tools has none. `reasoning.effort` is a member of a field.
   */
  optionalFields: ReadonlyMap<string, unknown>;
  /** Tokens. */
  outputLimit: number | undefined;
  asksForThinking: boolean;
  thinkingLevel: string | null;
  isChoiceForced: boolean;
  hasImages: boolean;
  hasTools: boolean;
  /** The names of the tools whose schemas are strict. */
  strictTools: readonly string[];
  /** The form required of the output: `json_schema`, `json_object`; undefined if none is. */
  outputFormat: unknown;
  /** The field with the output's strict schema; null if there is none. */
  strictOutput: string | null;
}
