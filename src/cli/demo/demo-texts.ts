import type { Paint } from "./paint.ts";

/** What the demo says before anything passes. */
export function introduce(paint: Paint): string {
  return `
${paint("bold", "claude-proxy demo")}
One request, on both wires, as it passes. It needs no key, there is no model
behind it, and nothing leaves this machine.

`;
}

export interface ExchangeCounts {
  chunks: number;
  events: number;
}

/** What the demo says once the request has passed; `logLines` are what the proxy has written of it. */
export function explainExchange(counts: ExchangeCounts, logLines: readonly string[], paint: Paint): string {
  return `
${paint("bold", "What happened")}
The messages request became a chat request, and ${counts.chunks} chunks became ${counts.events} events:
a text as it grew, then a call of the tool Bash. Claude Code would now run that
command and send its output back in the next request. The proxy's line of it:

${logLines.join("\n")}
`;
}

export interface Invitation {
  proxyUrl: string;
  /** The port that was to be used but is taken, else null. */
  takenPort: number | null;
  platform: NodeJS.Platform;
}

/** How to point the real client at the demo. */
export function inviteClient({ proxyUrl, takenPort, platform }: Invitation, paint: Paint): string {
  const command =
    platform === "win32"
      ? `$env:ANTHROPIC_BASE_URL="${proxyUrl}"; $env:ANTHROPIC_AUTH_TOKEN="demo"; claude`
      : `ANTHROPIC_BASE_URL=${proxyUrl} ANTHROPIC_AUTH_TOKEN=demo claude`;
  const note = takenPort === null ? "" : `Port ${takenPort} is taken, so a free one is used.\n`;
  return `
${paint("bold", "Your turn")}
Point the real Claude Code at it, in another terminal:

    ${paint("bold", command)}

Every answer says that there is no model behind it, and asks to run one harmless
command. For answers of a model, see: claude-proxy serve --help

${note}Serving at ${proxyUrl} until you press Ctrl+C, one line for each answer:

`;
}
