import { mkdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { ConfigError } from "../../config/config-error.ts";
import { schemaLine } from "../../config/file/file-schema.ts";
import { type LoadConfigOptions, startLoading } from "../../config/load-config.ts";
import {
  findConfigFile,
  findUsualConfigFile,
  loadConfigWithFile,
} from "../../config/load-config-with-file.ts";
import { readSettingsText } from "../../config/read-settings-text.ts";
import { isMissingFile } from "../../files/read-own-file.ts";
import { replaceUnchanged } from "../../files/replace-unchanged.ts";
import { foldText } from "../../logging/fold-text.ts";
import { CommandError } from "../command-error.ts";
import { readAnswerLine } from "../read-answer-line.ts";
import type { Terminal } from "../terminal.ts";
import { countParts, printWarnings } from "./check-file.ts";
import { openEditor } from "./open-editor.ts";

/** The file that is edited, and the copy that the editor gets. */
interface Edited {
  /** The file itself, not a link to it. */
  readonly path: string;
  /** What it said at first; null if there is none. */
  readonly before: string | null;
  readonly copyPath: string;
  /** What the copy said at first. */
  readonly offered: string;
}

const newFile = `${schemaLine}
upstreams:
  openrouter: { key: "\${OPENROUTER_API_KEY}" }
routes:
  default: openrouter/z-ai/glm-5.3
  haiku: openrouter/openai/gpt-5-mini
`;

/** More copies than anybody leaves behind. */
const mostCopies = 100;

/**
 * Lets the user edit a copy of the configuration file, and replaces the file by it in one step once it is in order. What
 * was typed is never lost: a copy that is not taken over stays, and its path is told.
 * @throws ConfigError if a named file does not exist, CommandError if the file stays as it is because of a fault
 */
export async function editFile(options: LoadConfigOptions, terminal: Terminal): Promise<void> {
  const edited = await createCopy(options, terminal);
  const say = (text: string) => terminal.stdout(`${foldText(text, terminal.columns, "  ")}\n`);
  for (;;) {
    await edit(edited);
    const text = await readCopy(edited);
    if (text === edited.offered) {
      await rm(edited.copyPath, { force: true });
      say("Nothing was changed.");
      return;
    }
    const parts = await findParts(edited, options, terminal);
    if (parts !== null) {
      await takeOver(edited, text);
      say(`ok: ${edited.path} has ${parts}`);
      return;
    }
    terminal.stderr("Edit it again? [Y/n] ");
    if (!isYes(readAnswerLine())) throw new CommandError(describeCopy(edited, "is as it was"), 2);
  }
}

async function createCopy(options: LoadConfigOptions, terminal: Terminal): Promise<Edited> {
  const start = startLoading(options);
  const found = findConfigFile(start);
  const path = found === null ? findUsualConfigFile(start.place) : await realpath(found);
  const before = found === null ? null : readText(path);
  const offered = before ?? newFile;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const ending = extname(path);
  for (let number = 1; number <= mostCopies; number += 1) {
    const name = `${basename(path, ending)}.edit${number === 1 ? "" : `-${number}`}${ending}`;
    const copyPath = join(dirname(path), name);
    try {
      await writeFile(copyPath, offered, { flag: "wx", mode: 0o600 });
      return { path, before, copyPath, offered };
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST"))
        throw explainUnwritable(copyPath, error);
      terminal.stderr(`${foldText(`An earlier edit was left in ${copyPath}.`, terminal.columns, "  ")}\n`);
    }
  }
  throw new CommandError(
    `There are ${mostCopies} earlier edits beside ${path}. Remove those you do not need.`,
    1,
  );
}

/** @throws CommandError for what is no file of settings, or may not be read */
function readText(path: string): string {
  const read = readSettingsText(path);
  if ("text" in read) return read.text;
  throw new CommandError(`${path} cannot be read: ${read.reason}`, 2);
}

/** Opens the editor; if it fails, a copy in which nothing was typed goes away. */
async function edit(edited: Edited): Promise<void> {
  try {
    await openEditor(edited.copyPath);
  } catch (error) {
    const isUntouched = (await readCopy(edited)) === edited.offered;
    if (isUntouched) await rm(edited.copyPath, { force: true });
    if (!(error instanceof CommandError) || isUntouched) throw error;
    throw new CommandError(`${error.message}\n${describeCopy(edited, "is as it was")}`, 1, { cause: error });
  }
}

async function readCopy({ path, copyPath }: Edited): Promise<string> {
  try {
    return await readFile(copyPath, "utf8");
  } catch (error) {
    if (!isMissingFile(error)) throw error;
    throw new CommandError(`The copy ${copyPath} is gone. ${path} is as it was.`, 1, { cause: error });
  }
}

/** What the copy has, in words; null if it has faults, which are told. */
async function findParts(
  { copyPath }: Edited,
  options: LoadConfigOptions,
  terminal: Terminal,
): Promise<string | null> {
  try {
    const loaded = await loadConfigWithFile({ ...options, configFile: copyPath });
    printWarnings(loaded, terminal);
    return countParts(loaded);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    terminal.stderr(`${foldText(error.problems.join("\n"), terminal.columns, "  ")}\n`);
    return null;
  }
}

async function takeOver(edited: Edited, text: string): Promise<void> {
  const { path, before, copyPath } = edited;
  try {
    if (!(await replaceUnchanged({ path, before, after: text }))) {
      throw new CommandError(describeCopy(edited, "was changed by somebody else, and is left so"), 1);
    }
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const reason = explainUnwritable(path, error).message;
    throw new CommandError(`${reason}\n${describeCopy(edited, "is as it was")}`, 1, { cause: error });
  }
  await rm(copyPath, { force: true });
}

function describeCopy({ path, copyPath }: Edited, state: string): string {
  return `${path} ${state}. Your text is in ${copyPath}`;
}

function explainUnwritable(path: string, error: unknown): CommandError {
  const reason = error instanceof Error ? error.message : "unknown";
  return new CommandError(`Cannot write ${path}: ${reason}`, 1, { cause: error });
}

function isYes(answer: string | null): boolean {
  return answer !== null && /^(?:y|yes|)$/i.test(answer);
}
