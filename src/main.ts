import { runProgram } from "./cli/run-program.ts";
import { createTerminal } from "./cli/terminal.ts";
import { wantsNoColor } from "./config/wants-no-color.ts";

process.exit(await runProgram(process.argv.slice(2), createTerminal(wantsNoColor())));
