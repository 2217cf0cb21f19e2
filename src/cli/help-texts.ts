import { Help, type HelpConfiguration } from "commander";
import { getCurrentPlace } from "../config/current-place.ts";
import { locateConfigFolder, pathsOf } from "../config/locate-folders.ts";
import { foldText } from "../logging/fold-text.ts";
import { shortenHome } from "./shorten-home.ts";
import type { Terminal } from "./terminal.ts";
import { isBuilt } from "./version.ts";

/** Wider lines are harder to read. */
const widestHelp = 100;

/** Most columns that help uses. */
export function helpWidth({ columns }: Terminal): number {
  return Math.min(columns ?? 80, widestHelp);
}

/** Descriptions in a narrower column are torn to pieces. */
const narrowestDescription = 24;
/** Blanks before a flag and behind it. */
const gaps = 4;

/** How help is laid out: on a narrow terminal the description of a flag stands below it. */
export const helpLayout: HelpConfiguration = {
  minWidthToWrap: 12,
  formatItem(term, termWidth, description, helper) {
    const columns = helper.helpWidth ?? widestHelp;
    if (description === "" || columns - termWidth - gaps >= narrowestDescription) {
      return Help.prototype.formatItem.call(helper, term, termWidth, description, helper);
    }
    return foldText(`  ${term}\n      ${description}`, columns);
  },
  styleUsage(usage) {
    const title = "Usage: ";
    return foldText(title + usage, this.helpWidth ?? widestHelp, "  ").slice(title.length);
  },
};

/** The text after a command's flags, folded when it is shown. */
export function createHelpText(terminal: Terminal, compose: () => string): () => string {
  return () => `\n${foldText(compose(), helpWidth(terminal))}`;
}

/** The path of the settings file, as a person would write it on this system. */
function describeSettingsFile(): string {
  try {
    const place = getCurrentPlace();
    return shortenHome(pathsOf(place.platform).join(locateConfigFolder(place), ".env"), place.homeDir);
  } catch {
    // The user has no home folder. `serve` explains the remedy; help should not fail.
    return ".env";
  }
}

/** The first steps for a new user, by questions and by hand. */
export function composeFirstSteps(): string {
  const steps = isBuilt
    ? `  1. Set it up, by questions: claude-proxy init
  2. In your project, run Claude Code with it: claude-proxy run`
    : `  1. Set it up, by questions: npm run init
  2. Start it: npm start
  3. In another terminal, in your project, run the line that it prints.`;
  return `First steps:
${steps}

Without questions, put your key and the names of your models into the file
${isBuilt ? describeSettingsFile() : ".env in this clone"}

  OPENAI_API_KEY=sk-or-v1-…
  BIG_MODEL_NAME=z-ai/glm-4.6
  SMALL_MODEL_NAME=openai/gpt-5-mini

For a model on your own machine, set an address instead of a key: BASE_URL=http://localhost:11434/v1
For several upstreams behind one address: claude-proxy config --help
To see how it works without any of this: ${isBuilt ? "claude-proxy demo" : "npm run demo"}`;
}

/** The smallest configuration file, and where it belongs. */
export function composeConfigNotes(): string {
  const file = describeSettingsFile().replace(/\.env$/, "config.yaml");
  return `With several upstreams, or rules about which request goes where, write the file
${file} instead of the settings of the only upstream. The smallest one:

  upstreams:
    openrouter: { key: "\${OPENROUTER_API_KEY}" }
  routes:
    default: openrouter/z-ai/glm-5.3
    haiku: openrouter/openai/gpt-5-mini

\${NAME} is read from the environment, or from the .env beside the file. All about it, with examples, stands in docs/configuration.md of the project.`;
}

/** Which settings `serve` reads, and why it has no flag for a key. */
export function composeServeNotes(): string {
  return `You can also set these in the environment or in the file ${describeSettingsFile()}, by the names in brackets. A flag overrides the environment, and the environment overrides the file.

Keys are read from OPENAI_API_KEY and PROXY_API_KEY there, never from a flag: other users of the machine can see the flags of a running program.`;
}
