/**
 * The generation of a model of OpenAI's, whose models read the opaque reasoning of their own generation only:
 * `gpt-5.6-sol` is of `gpt-5.6`, `gpt-5-codex` of `gpt-5`, `o4-mini` of `o4`; another id, as of a deployment, of itself.
 */
export function generationOf(model: string): string {
  const id = model.toLowerCase();
  return /^(?:gpt-\d+(?:\.\d+)?|o\d+)(?=-|$)/.exec(id)?.[0] ?? id;
}

/** Source: openai 7.57.0, `reasoning.context`. */
const ofAllTurns = /(^|\/)gpt-(5\.([6-9]|\d\d)|[6-9])/;

/** Whether the model reads the opaque reasoning of all turns again, and not only that since the user's last text. */
export function readsAllReasoning(model: string): boolean {
  return ofAllTurns.test(model);
}
