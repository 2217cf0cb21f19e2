import { getSettingNote, settingNames } from "../../src/config/config-schema.ts";

/**
 * Builds the example of a file of settings: every setting with what it does, those that must be set first.
 * @returns the text of an `.env`; as it stands it sets nothing
 */
export function buildExampleEnv(): string {
  const entries = settingNames.map((name) => {
    const { description, defaultText, example } = getSettingNote(name);
    const isOptional = defaultText !== null;
    const comment = isOptional ? `${description}. Default: ${defaultText}` : description;
    return { isOptional, text: `# ${comment}. Example: ${example}\n${isOptional ? "# " : ""}${name}=\n` };
  });
  return [
    "# Settings of claude-proxy. Copy this file to where `claude-proxy serve` says it looks for it, fill it in, and\n" +
      "# keep it to yourself (chmod 600): it holds your key.\n",
    ...entries.filter(({ isOptional }) => !isOptional).map(({ text }) => text),
    "# What follows may stay as it is.\n",
    ...entries.filter(({ isOptional }) => isOptional).map(({ text }) => text),
  ].join("\n");
}
