import { dirname } from "node:path";
import { isatty } from "node:tty";
import { ConfigError } from "../../config/config-error.ts";
import { getCurrentPlace } from "../../config/current-place.ts";
import { type Environment, locateClaudeSettings, type Place } from "../../config/locate-folders.ts";
import { type LaunchPlan, planLaunch } from "../../launch/plan-launch.ts";
import { foldText } from "../../logging/fold-text.ts";
import { CommandError } from "../command-error.ts";
import { nameFile, nameProgram } from "../name-program.ts";
import { shortenHome } from "../shorten-home.ts";
import type { Terminal } from "../terminal.ts";
import { isBuilt } from "../version.ts";
import { askVersion } from "./ask-version.ts";
import { checkModel } from "./check-model.ts";
import { type ClientArguments, readClientArguments } from "./client-arguments.ts";
import { describeSavedModel, readClientSettings } from "./client-settings.ts";
import { describeSilent } from "./describe-silent.ts";
import { findClaude, type InstalledClaude } from "./find-claude.ts";
import { type FoundProxy, findProxy, openOwnProxy, type ProxySearch } from "./find-proxy.ts";
import { findEndedSession } from "./find-session.ts";
import { createSettingsArgument } from "./settings-argument.ts";
import { startClaude } from "./start-claude.ts";

export interface RunOptions {
  readonly search: ProxySearch;
  /** The model with which the session begins; null for the client's own choice. */
  readonly model: string | null;
  /** For Claude Code. */
  readonly args: readonly string[];
}

/**
 * Runs Claude Code with the running proxy, or with one of our own for as long as it runs.
 * @returns its exit code
 * @throws CommandError or ConfigError if it cannot be started
 */
export async function runClaude({ search, model, args }: RunOptions, terminal: Terminal): Promise<number> {
  const place = getCurrentPlace();
  const { env, homeDir } = place;
  const say = (text: string) =>
    terminal.stderr(`${foldText(`claude-proxy: ${text}`, terminal.columns, "  ")}\n`);
  const given = readClientArguments(args);
  const claude = findClaude(place);
  const settingsFile = locateClaudeSettings(place);
  const shownFile = shortenHome(settingsFile, homeDir);
  const before = readClientSettings(settingsFile);
  if (before.fault !== null) say(`your settings in ${shownFile} are not merged: ${before.fault}`);

  const version = await askVersion(claude.words, env);
  const running = await findProxy(search);
  const proxy = running ?? (await openFirstProxy(search));
  try {
    // Of a proxy that runs already, what is this machine to it is not known: it may be in a container.
    const silent = running === null ? await describeSilent(proxy.details) : null;
    if (silent !== null) say(silent);
    const { models } = proxy;
    if (model !== null) checkModel(model, proxy);
    const { settings: userSettings } = before;
    const plan = planLaunch({
      proxy,
      // A command file of Windows would change the quotes in our arguments.
      client: {
        version: claude.isCommandFile ? null : version,
        env,
        userSettings,
        givenSettings: given.settings,
      },
      model: model ?? given.model,
    });
    if (plan.bypass !== null) throw new CommandError(describeBypass(shownFile), 1);
    if (plan.unset.length > 0) say(`${nameVersion(version)} could not be told: ${plan.unset.join(", ")}`);
    const startedMs = Date.now();
    const exitCode = await startWithPlan(claude, plan, given, { model, env });
    if (isConversation(given)) {
      const configFolder = dirname(settingsFile);
      const session = findEndedSession({ configFolder, workFolder: ".", startedMs });
      if (session !== null) terminal.stderr(describeResume(session, search, place));
    }
    const ids = new Set(models.filter(({ tier }) => tier === null).map(({ id }) => id));
    const saved = describeSavedModel(
      userSettings["model"],
      readClientSettings(settingsFile).settings["model"],
      { ids, file: shownFile },
    );
    if (saved !== null) say(saved);
    return exitCode;
  } finally {
    await proxy.close();
  }
}

/** Whether a person talks with it, who may want to go on later. */
function isConversation({ rest }: ClientArguments): boolean {
  return [0, 1, 2].every((descriptor) => isatty(descriptor)) && !rest.some((word) => printing.has(word));
}

const printing: ReadonlySet<string> = new Set(["-p", "--print"]);

/** What Claude Code says at its end leads past the proxy. */
function describeResume(
  id: string,
  { configFile, envFile, flags, client }: ProxySearch,
  place: Place,
): string {
  const words = [
    isBuilt ? nameProgram(place, process.execPath) : "claude-proxy",
    "run",
    ...nameFile("--config", configFile, place),
    ...nameFile("--env-file", envFile, place),
    ...(flags?.PORT === undefined ? [] : ["--port", flags.PORT]),
    ...(client === undefined ? [] : ["--client", client]),
    ...["--", "--resume", id],
  ];
  return `Or through the proxy:\n${words.join(" ")}\n`;
}

async function startWithPlan(
  { words }: InstalledClaude,
  { variables, settings, isPrivate, managedSettings }: LaunchPlan,
  { rest, isSettingsFile }: ClientArguments,
  { model, env }: { model: string | null; env: Environment },
): Promise<number> {
  const argument = settings === null ? null : createSettingsArgument(settings, isSettingsFile || isPrivate);
  try {
    return await startClaude(
      [
        ...words,
        ...(argument === null ? [] : ["--settings", argument.text]),
        ...(managedSettings === null ? [] : ["--managed-settings", JSON.stringify(managedSettings)]),
        ...(model === null ? [] : ["--model", model]),
        ...rest,
      ],
      variables,
      env,
    );
  } finally {
    argument?.remove();
  }
}

/** Starts a proxy of our own. Whoever has no settings yet hears how to get some. */
async function openFirstProxy(search: ProxySearch): Promise<FoundProxy> {
  try {
    return await openOwnProxy(search);
  } catch (error) {
    const isMissing =
      error instanceof ConfigError && error.problems.some((line) => / is not set\b/.test(line));
    if (!isMissing) throw error;
    throw new CommandError(`${error.message}\nTo be asked for what is missing: claude-proxy init`, 2, {
      cause: error,
    });
  }
}

function nameVersion(version: readonly number[] | null): string {
  return version === null ? "this Claude Code" : `Claude Code ${version.join(".")}`;
}

function describeBypass(file: string): string {
  return (
    "This Claude Code is too old for its address to be set from outside: the ANTHROPIC_BASE_URL in your settings would " +
    `win, and no request would come to the proxy.\nRemove it from ${file}, or update Claude Code: claude update`
  );
}
