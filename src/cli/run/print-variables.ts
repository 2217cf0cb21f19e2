import { getCurrentPlace } from "../../config/current-place.ts";
import type { Place } from "../../config/locate-folders.ts";
import { formatVariables, type VariableForm } from "../../launch/format-variables.ts";
import { planLaunch } from "../../launch/plan-launch.ts";
import { foldText } from "../../logging/fold-text.ts";
import { CommandError } from "../command-error.ts";
import type { Terminal } from "../terminal.ts";
import { checkModel } from "./check-model.ts";
import { findProxy, type ProxySearch } from "./find-proxy.ts";

export interface PrintOptions {
  readonly search: ProxySearch;
  /** The model with which a session begins; null for the client's own choice. */
  readonly model: string | null;
  /** Null for the shell of this user. */
  readonly form: VariableForm | null;
}

/** How a person sets what is printed. */
const evaluations: Readonly<Record<VariableForm, string>> = {
  bash: 'eval "$(claude-proxy env bash)"',
  zsh: 'eval "$(claude-proxy env zsh)"',
  fish: "claude-proxy env fish | source",
  powershell: "claude-proxy env powershell | Out-String | Invoke-Expression",
  cmd: `for /f "delims=" %i in ('claude-proxy env cmd') do @%i`,
  json: "claude-proxy env json > FILE",
};

/**
 * Prints the variables under which Claude Code uses the running proxy, and says what variables cannot do.
 * @throws CommandError if no proxy answers, or if it has no such model
 */
export async function printVariables(
  { search, model, form }: PrintOptions,
  terminal: Terminal,
): Promise<void> {
  const place = getCurrentPlace();
  const { env } = place;
  const shell = form ?? guessShell(place);
  const proxy = await findProxy(search);
  if (proxy === null) {
    throw new CommandError(
      "No claude-proxy answers, so there is nothing to point Claude Code at.\n" +
        "Start it: claude-proxy serve. Or let one start with Claude Code: claude-proxy run",
      1,
    );
  }
  if (model !== null) checkModel(model, proxy);
  const client = { version: null, env, userSettings: {}, givenSettings: null };
  const plan = planLaunch({ proxy, client, model });
  const begin = model === null ? [] : [{ name: "ANTHROPIC_MODEL", value: model, isSecret: false }];
  const variables = [...plan.variables, ...begin];
  const isShown = terminal.columns !== null;
  const hidden = isShown && variables.some(({ isSecret }) => isSecret);
  terminal.stdout(
    formatVariables(
      variables.map((one) =>
        isShown && one.isSecret ? { ...one, value: "(not shown on a terminal)" } : one,
      ),
      shell,
    ),
  );
  const say = (text: string) => terminal.stderr(`${foldText(text, terminal.columns, "  ")}\n`);
  if (isShown) say(`To set ${hidden ? "them with the key" : "them"}: ${evaluations[shell]}`);
  const unset = [...plan.unset, ...(proxy.passesLogin ? ["an address that no settings file replaces"] : [])];
  if (unset.length > 0) say(`Variables cannot set: ${unset.join(", ")}. claude-proxy run sets what it can.`);
}

function guessShell({ platform, env }: Place): VariableForm {
  if (platform === "win32") return "powershell";
  const name = (env["SHELL"] ?? "").split("/").at(-1);
  return name === "zsh" || name === "fish" ? name : "bash";
}
