import { getCurrentPlace } from "../../config/current-place.ts";
import { locateClaudeSettings } from "../../config/locate-folders.ts";
import { locateProgram } from "../service/locate-program.ts";
import type { Terminal } from "../terminal.ts";
import { isBuilt } from "../version.ts";
import { composeSetup, describeSetup } from "./compose-setup.ts";
import { checkFormat } from "./status-format.ts";

/**
 * Prints what has to stand in Claude Code's settings, and where they are.
 * @throws CommandError for a format with unknown names
 */
export function showSetup(
  { format, isJson }: { format: string | undefined; isJson: boolean },
  terminal: Terminal,
): void {
  if (format !== undefined) checkFormat(format);
  const place = getCurrentPlace();
  const program = isBuilt
    ? [locateProgram(process.execPath, place)]
    : [process.execPath, "--no-env-file", Bun.main];
  const setup = composeSetup({
    file: locateClaudeSettings(place),
    program,
    format,
    platform: place.platform,
  });
  terminal.stdout(isJson ? `${JSON.stringify(setup, null, 2)}\n` : describeSetup(setup, terminal.columns));
}
