import { join } from "node:path";
import type { Command } from "commander";
import { createHelpText } from "../help-texts.ts";
import type { Terminal } from "../terminal.ts";

interface LearnedFlags {
  readonly json?: true;
  /** True without a value. */
  readonly clear?: string | true;
}

/** Adds `claude-proxy learned`, which lists and clears what proxies of this user have learned. Needs no settings. */
export function addLearnedCommand(program: Command, terminal: Terminal): void {
  program
    .command("learned")
    .description("Show what upstreams taught the proxy about their models, or clear it")
    .addHelpText("before", "Example: claude-proxy learned --clear openrouter.ai/api/v1\n")
    .option("--json", "Print JSON")
    .option("--clear [what]", "Forget everything, an upstream, or one of its models: UPSTREAM/MODEL")
    .addHelpText("after", createHelpText(terminal, composeNotes))
    .action(async (flags: LearnedFlags) => {
      await (flags.clear === undefined ? show(flags, terminal) : clear(flags.clear, terminal));
    });
}

function composeNotes(): string {
  return (
    "When an upstream refuses a field, names its window or wants another protocol, the proxy remembers it, so that no " +
    "request fails twice for the same reason. From time to time it tries without. A proxy that runs notices within a " +
    "second what was cleared."
  );
}

async function read(terminal: Terminal) {
  const { getCurrentPlace } = await import("../../config/current-place.ts");
  const { locateStateFolder } = await import("../../config/locate-folders.ts");
  const { learnedFileName } = await import("../../learned/lesson.ts");
  const { readLearnedFile } = await import("../../learned/learned-file.ts");
  const filePath = join(locateStateFolder(getCurrentPlace()), learnedFileName);
  const nowMs = Date.now();
  const warn = (message: string, cause: unknown) => terminal.stderr(`${message} ${String(cause)}\n`);
  const file = { nowMs, warn };
  return { filePath, file, lessons: (await readLearnedFile(filePath, file)).lessons };
}

async function show({ json }: LearnedFlags, terminal: Terminal): Promise<void> {
  const { createPaint } = await import("../../logging/paint.ts");
  const { describeLessons } = await import("../learned/describe-lessons.ts");
  const { listLessons } = await import("../../relay/list-lessons.ts");
  const { filePath, lessons } = await read(terminal);
  const listed = listLessons(lessons, await findNames());
  const { columns, useColor } = terminal;
  const text =
    json === true
      ? `${JSON.stringify({ file: filePath, lessons: listed }, null, 2)}\n`
      : describeLessons(listed, { filePath, paint: createPaint(useColor), columns });
  terminal.stdout(text);
}

async function clear(what: string | true, terminal: Terminal): Promise<void> {
  const { isCleared } = await import("../../learned/lesson.ts");
  const { updateLearnedFile } = await import("../../learned/learned-file.ts");
  const { findClearing } = await import("../learned/find-clearing.ts");
  const { filePath, file, lessons } = await read(terminal);
  const names = await findNames();
  const clearing = findClearing(what === true ? null : what, lessons, { names, nowMs: file.nowMs });
  await updateLearnedFile(filePath, { lessons: [], clearings: [clearing] }, file);
  const count = lessons.filter((lesson) => !lesson.isForgotten && isCleared(lesson, [clearing])).length;
  terminal.stdout(count === 1 ? "Cleared 1 entry.\n" : `Cleared ${count} entries.\n`);
}

/** The names of upstreams in the configuration file, by their addresses; none if the settings cannot be read. */
async function findNames(): Promise<ReadonlyMap<string, string>> {
  const { ConfigError } = await import("../../config/config-error.ts");
  const { loadConfigWithFile } = await import("../../config/load-config-with-file.ts");
  const { upstreamAddress } = await import("../../config/list-upstreams.ts");
  try {
    const { file } = (await loadConfigWithFile()).config;
    return new Map(
      [...(file?.upstreams.values() ?? [])].map((one) => [upstreamAddress(one.baseUrl), one.name]),
    );
  } catch (error) {
    // The command is of use without settings, too.
    if (error instanceof ConfigError) return new Map();
    throw error;
  }
}
