import type { Environment } from "../../config/locate-folders.ts";
import { foldText } from "../../logging/fold-text.ts";
import type { Paint } from "../../logging/paint.ts";
import { formatClaudeLine } from "../claude-command.ts";
import type { UpstreamWords } from "./upstream-words.ts";

/** The look of the texts on the terminal. */
export interface TextLook {
  paint: Paint;
  /** Width of the terminal; texts are at most 80 columns wide. */
  columns: number;
}

/** A heading and paragraphs; a paragraph that begins with a space stays on one line, so that it can be copied. */
function formatSection(heading: string, paragraphs: readonly string[], { paint, columns }: TextLook): string {
  const folded = paragraphs.map((text) =>
    text.startsWith(" ") ? text : foldText(text, Math.min(columns, 80)),
  );
  return `\n${paint("bold", heading)}\n${folded.join("\n\n")}\n`;
}

/** The text before the demo's request. */
export function introduce(look: TextLook): string {
  const text =
    "This shows one request on both wires. It needs no key, there is no model behind it, and nothing leaves this machine.";
  return `${formatSection("claude-proxy demo", [text], look)}\n`;
}

export interface ExchangeCounts {
  /** On the upstream's wire. */
  pieces: number;
  /** On the client's. */
  events: number;
}

/** The text after the demo's request; `logLines` are the lines that the proxy logged for it. */
export function explainExchange(
  { pieces, events }: ExchangeCounts,
  words: UpstreamWords,
  logLines: readonly string[],
  look: TextLook,
): string {
  const text =
    `The messages request became a ${words.request}, and ${pieces} ${words.pieces} became ${events} events: a growing ` +
    "text, then a call of the tool Bash. Claude Code would now run that command and send its output back in the next request. The " +
    "proxy's log of it:";
  return `${formatSection("What happened", [text], look)}\n${logLines.join("\n")}\n`;
}

export interface Invitation {
  proxyUrl: string;
  /** The intended port if it is taken, else null. */
  takenPort: number | null;
  platform: NodeJS.Platform;
  /** The environment of this program, which is mostly also that of the user's other terminals. */
  env: Environment;
  /** The command that serves with a model. */
  serveCommand: string;
}

/** Explains how to point the real client at the demo. */
export function inviteClient(
  { proxyUrl, takenPort, platform, env, serveCommand }: Invitation,
  look: TextLook,
): string {
  const token = [platform === "win32" ? '"demo"' : "demo"] as const;
  const width = look.columns - 4;
  const command = formatClaudeLine({
    url: proxyUrl,
    token,
    env,
    platform,
    checkModel: null,
    width,
  }).split("\n");
  const note = takenPort === null ? "" : `Port ${takenPort} is taken, so a free one is used. `;
  const paragraphs = [
    "Point the real Claude Code at it, in another terminal:",
    command.map((row) => `    ${look.paint("bold", row)}`).join("\n"),
    "Every answer says that there is no model behind it, and asks to run one harmless command. For answers from a model, run: " +
      `${serveCommand} (it says what it needs)`,
    `${note}Serving at ${proxyUrl} until Ctrl+C, one line per answer:`,
  ];
  return `${formatSection("Your turn", paragraphs, look)}\n`;
}
