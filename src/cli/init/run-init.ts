import { getCurrentPlace } from "../../config/current-place.ts";
import { startLoading } from "../../config/load-config.ts";
import { findConfigFile, findUsualConfigFile } from "../../config/load-config-with-file.ts";
import type { Place } from "../../config/locate-folders.ts";
import { readSettingsText } from "../../config/read-settings-text.ts";
import type { Takeover } from "../../takeover/takeover.ts";
import { CommandError } from "../command-error.ts";
import { shortenHome } from "../shorten-home.ts";
import type { Terminal } from "../terminal.ts";
import { type ChosenSetup, chooseSetup } from "./choose-setup.ts";
import { fillTakeover, listExistingUpstreams } from "./fill-takeover.ts";
import type { InitFlags } from "./init-flags.ts";
import { type LoadedSetup, loadSetup, type SetupFiles } from "./load-setup.ts";
import { createPrompts, type Prompts } from "./prompts.ts";
import { renameUpstreams } from "./rename-upstreams.ts";
import { showFile } from "./show-file.ts";
import { createTalk, type Talk } from "./talk.ts";
import { tellAfter } from "./tell-after.ts";
import { trySetup } from "./try-setup.ts";
import { writeSetup } from "./write-setup.ts";

interface InitParts {
  readonly flags: InitFlags;
  readonly prompts: Prompts | null;
  readonly talk: Talk;
  readonly place: Place;
  readonly files: SetupFiles;
}

/**
 * Sets the program up: asks, tries, shows what it would write, and writes it.
 * @param canAsk whether a person is at the terminal
 * @throws CommandError, with exit code 130 if the person broke it off
 */
export async function runInit(flags: InitFlags, terminal: Terminal, canAsk: boolean): Promise<void> {
  if (!canAsk && flags.yes !== true) throw new CommandError(missingFlags, 2);
  if (flags.yes === true && flags.from === undefined && flags.upstream === undefined) {
    throw new CommandError(missingFlags, 2);
  }
  if (flags.yes === true && flags.from === undefined && flags.bigModel === undefined) {
    throw new CommandError("Name the model for most of the work: --big-model MODEL", 2);
  }
  const place = getCurrentPlace();
  const parts: InitParts = {
    flags,
    place,
    files: findSetupFiles(flags, place),
    talk: createTalk(terminal),
    prompts: flags.yes === true ? null : await createPrompts(),
  };
  const chosen = await fillTakeover(await chooseSetup(parts), parts);
  const setup = renameUpstreams(chosen.setup, listExistingUpstreams(parts.files.configText));
  const loaded = await loadSetup(setup, { ...parts, stored: chosen.stored });
  tellLeft(chosen, parts);
  await tryIfWanted(loaded, parts);
  await writeIfWanted(loaded, chosen, parts);
}

const missingFlags = `There is no terminal in which to ask, or --yes was given: flags have to say it all.
  claude-proxy init --yes --upstream openrouter --key-env OPENROUTER_API_KEY --big-model MODEL --small-model MODEL
  claude-proxy init --yes --from FILE
The first needs --upstream and --big-model, and for a server elsewhere one of --key-env, --key-file, --key-stdin.`;

/** The files that the program reads now, or would read by default. */
function findSetupFiles({ config, envFile }: InitFlags, place: Place): SetupFiles {
  const start = startLoading(envFile === undefined ? {} : { envFile });
  const given =
    config === undefined ? start : { ...start, options: { ...start.options, configFile: config } };
  const configPath = findConfigFile(given) ?? findUsualConfigFile(place);
  const envPath = start.envFile?.path ?? envFile ?? start.usualPath;
  return { envPath, envText: readNow(envPath), configPath, configText: readNow(configPath) };
}

function readNow(path: string): string | null {
  const read = readSettingsText(path);
  if ("text" in read) return read.text;
  if (read.isMissing === true) return null;
  throw new CommandError(`${path} cannot be read, so it is not changed: ${read.reason}`, 2);
}

function tellLeft({ from, setup }: ChosenSetup, { talk, place }: InitParts): void {
  if (from === null) return;
  const path = shortenHome(from.path, place.homeDir);
  const tell = (title: string, notes: Takeover["notes"]) => {
    if (notes.length > 0) talk.say(title);
    for (const { what, why } of notes) talk.say(`  - ${what}: ${why}`, "    ");
  };
  tell(`Not taken over from ${path}:`, setup.left);
  tell(`Taken over from ${path}, with a difference:`, setup.notes);
}

async function tryIfWanted({ loaded }: LoadedSetup, { flags, prompts, talk }: InitParts): Promise<void> {
  if (!flags.try) return;
  if (prompts !== null && !(await prompts.confirm("Try it with one small request that calls a tool?", true)))
    return;
  talk.say("Asking the model to call a tool …");
  const { outcome, model, durationMs, words } = await trySetup(loaded);
  const seconds = `${(durationMs / 1000).toFixed(1)} s`;
  if (outcome === "called") {
    talk.say(`It works: ${model} called the tool, after ${seconds}.`);
    return;
  }
  if (outcome === "talked") {
    talk.warn(
      `${model} answered after ${seconds}, but without calling the tool. Claude Code can do little with a model that calls no tools.`,
    );
    return;
  }
  if (prompts !== null) {
    talk.warn(`It did not work: ${words}`);
    if (await prompts.confirm("Write it nevertheless?", false)) return;
    throw new CommandError("Nothing was written.", 1);
  }
  throw new CommandError(
    `It did not work: ${words}\nNothing was written. To write it without a request: --no-try`,
    1,
  );
}

async function writeIfWanted(
  { texts, loaded }: LoadedSetup,
  chosen: ChosenSetup,
  { flags, files, place, prompts, talk }: InitParts,
): Promise<void> {
  const changes = [
    { path: files.envPath, before: files.envText, after: texts.env },
    { path: files.configPath, before: files.configText, after: texts.config },
  ].flatMap(({ after, ...change }) => (after === null ? [] : [{ ...change, after }]));
  for (const { path, before, after } of changes) {
    const secrets = [...loaded.secrets, chosen.stored?.secret ?? ""];
    const how = before === null ? "will be" : "will be changed; + is new, - goes";
    talk.showFile(`${shortenHome(path, place.homeDir)} ${how}:`, showFile(before, after, secrets));
  }
  if (changes.length === 0) talk.say("The files say all of that already: nothing is written.");
  else {
    if (prompts !== null && !(await prompts.confirm("Write it?", true))) {
      throw new CommandError("Nothing was written.", 1);
    }
    await writeSetup(changes, chosen.stored);
    for (const { path } of changes) talk.say(`Written: ${shortenHome(path, place.homeDir)}`);
  }
  for (const warning of loaded.warnings) talk.warn(warning);
  tellAfter(flags, place, talk);
}
