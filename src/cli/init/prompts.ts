import { escapeControlCharacters } from "../../logging/escape-control-characters.ts";
import { CommandError } from "../command-error.ts";

export interface Choice {
  readonly value: string;
  readonly label: string;
  /** Shown behind the label of the choice that is marked. */
  readonly hint?: string;
}

/** Questions to the person at the terminal. Each throws CommandError with exit code 130 for Ctrl-C and Escape. */
export interface Prompts {
  choose(message: string, choices: readonly Choice[]): Promise<string>;
  /** As `choose`, with a search field. */
  search(message: string, choices: readonly Choice[]): Promise<string>;
  /** @param findFault what is wrong with the text; undefined for nothing */
  askText(
    message: string,
    findFault: (text: string) => string | undefined,
    initial?: string,
  ): Promise<string>;
  /** The text is never shown, and neither is its length. */
  askSecret(message: string, findFault: (text: string) => string | undefined): Promise<string>;
  confirm(message: string, isYes: boolean): Promise<boolean>;
}

/** Creates the questions, and loads what draws them. */
export async function createPrompts(): Promise<Prompts> {
  const clack = await import("@clack/prompts");
  const settle = <Value>(answer: Value | typeof clack.CANCEL_SYMBOL): Value => {
    if (clack.isCancel(answer)) throw new CommandError("Broken off. Nothing was written.", 130);
    return answer;
  };
  // Models and names come from elsewhere.
  const listOf = (choices: readonly Choice[]) =>
    choices.map(({ value, label, hint }) => ({
      value,
      label: escapeControlCharacters(label),
      ...(hint === undefined ? {} : { hint: escapeControlCharacters(hint) }),
    }));
  return {
    async choose(message, choices) {
      return settle(await clack.select<string>({ message, options: listOf(choices), maxItems: 12 }));
    },
    async search(message, choices) {
      return settle(
        await clack.autocomplete<string>({
          message,
          options: listOf(choices),
          maxItems: 8,
          placeholder: "type to search",
          filter: (search, { value }) => value.toLowerCase().includes(search.trim().toLowerCase()),
        }),
      );
    },
    async askText(message, findFault, initial = "") {
      const validate = (text: string | undefined) => findFault((text ?? "").trim());
      return settle(await clack.text({ message, validate, initialValue: initial })).trim();
    },
    async askSecret(message, findFault) {
      const validate = (text: string | undefined) => findFault((text ?? "").trim());
      return settle(await clack.password({ message, validate, mask: "" })).trim();
    },
    async confirm(message, isYes) {
      return settle(await clack.confirm({ message, initialValue: isYes }));
    },
  };
}
