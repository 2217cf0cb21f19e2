import { ConfigError } from "../../config/config-error.ts";
import { getCurrentPlace } from "../../config/current-place.ts";
import { getClaimedColumns, wantsNoColor } from "../../config/foreign-variables.ts";
import { loadRecordPlace } from "../../config/load-record-place.ts";
import { locateRecord, type Place } from "../../config/locate-folders.ts";
import { createPaint } from "../../logging/paint.ts";
import { CommandError } from "../command-error.ts";
import type { Terminal } from "../terminal.ts";
import { parseClientState } from "./client-state.ts";
import { usualFormat } from "./format-names.ts";
import { readSessionFacts, type SessionFacts } from "./read-session-facts.ts";
import { checkFormat, formatStatusLine } from "./status-format.ts";
import { composeStatusValues } from "./status-values.ts";

export interface StatusLineOptions {
  /** Undefined for the usual line. */
  readonly format: string | undefined;
  readonly isJson: boolean;
  readonly wantsColor: boolean;
}

/**
 * Prints the line for the client whose state is on standard input. Whatever happens to the record, a line is printed:
 * Claude Code shows it in the middle of the work.
 * @throws CommandError for a format with unknown names, and if a person runs it
 */
export async function showStatusLine(
  { format = usualFormat, isJson, wantsColor }: StatusLineOptions,
  terminal: Terminal,
): Promise<void> {
  checkFormat(format);
  const place = getCurrentPlace();
  const state = parseClientState(await readStandardInput());
  const { sessionId } = state;
  const facts = sessionId === null ? null : await readFacts(sessionId, place, terminal);
  const values = composeStatusValues(state, facts);
  const paint = createPaint(wantsColor && !wantsNoColor());
  const text = isJson
    ? JSON.stringify(values)
    : formatStatusLine(values, { format, homeDir: place.homeDir, paint, columns: getClaimedColumns() });
  terminal.stdout(`${text}\n`);
}

async function readStandardInput(): Promise<string> {
  // A terminal is a character device, and so is /dev/null; only then it is worth the time to load what tells them apart.
  if ((await Bun.stdin.stat()).isCharacterDevice()) {
    const { isatty } = await import("node:tty");
    if (isatty(0)) {
      throw new CommandError(
        "Claude Code runs this command and tells it about the session on standard input.\n" +
          "To set it up, run: claude-proxy statusline --setup",
        2,
      );
    }
  }
  return Bun.stdin.text();
}

/** Null if nothing is recorded, or if it cannot be read now. */
async function readFacts(sessionId: string, place: Place, terminal: Terminal): Promise<SessionFacts | null> {
  const record = await findRecord(terminal);
  if (record !== "on" && record !== "off") {
    const { readSharedFacts } = await import("./read-shared-facts.ts");
    return await readSharedFacts(record, sessionId, (fault) => terminal.stderr(`${fault}\n`));
  }
  const path = locateRecord(place);
  // The engine takes 4 ms to learn the time zone, and SQLite nothing. But a zone that TZ names the system may not know.
  const sinceMs = place.env["TZ"] === undefined ? null : new Date().setHours(0, 0, 0, 0);
  try {
    return await readSessionFacts(path, { sessionId, sinceMs });
  } catch (error) {
    // Never on the line: Claude Code shows standard output alone.
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code !== "SQLITE_CANTOPEN" && !code.startsWith("SQLITE_BUSY")) {
      terminal.stderr(`The record cannot be read (${code}): ${path}\n`);
    }
    return null;
  }
}

/** With a fault of the settings the file is read, as without settings: a line is printed in any case. */
async function findRecord(terminal: Terminal): ReturnType<typeof loadRecordPlace> {
  try {
    return await loadRecordPlace();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    terminal.stderr(`${error.message}\n`);
    return "on";
  }
}
