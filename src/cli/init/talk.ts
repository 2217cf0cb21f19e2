import { escapeLines } from "../../logging/escape-control-characters.ts";
import { foldText } from "../../logging/fold-text.ts";
import type { Terminal } from "../terminal.ts";

/** What `init` tells, beside its questions. */
export interface Talk {
  /** @param hanging what goes before each further line of a text that is folded */
  say(text: string, hanging?: string): void;
  /** Tells a command on one line, however long: one that is copied in two parts is two commands. */
  sayCommand(before: string, words: readonly string[]): void;
  warn(text: string): void;
  /** Shows the text of a file with its lines as they are. */
  showFile(title: string, text: string): void;
}

/** Tells everything in plain lines. */
export function createTalk(terminal: Terminal): Talk {
  // Names come from files of others, and models from their upstreams.
  const fold = (text: string, hanging = "") => foldText(escapeLines(text), terminal.columns ?? 80, hanging);
  return {
    say: (text, hanging) => terminal.stdout(`${fold(text, hanging)}\n`),
    sayCommand: (before, words) => terminal.stdout(`${escapeLines(`${before} ${words.join(" ")}`)}\n`),
    warn: (text) => terminal.stderr(`${fold(`Warning: ${text}`, "  ")}\n`),
    showFile: (title, text) =>
      terminal.stdout(`\n${fold(title)}\n\n${escapeLines(text).replace(/^/gm, "  ")}\n\n`),
  };
}
