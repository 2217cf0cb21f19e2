import { restartWithMoreRequests } from "./cli/restart-with-more-requests.ts";

const args = process.argv.slice(2);
if (args[0] === "serve") restartWithMoreRequests(args, import.meta.path);

// Only now, or a program that starts over would load all of itself twice.
const [{ runProgram }, { createTerminal }, { wantsNoColor }] = await Promise.all([
  import("./cli/run-program.ts"),
  import("./cli/terminal.ts"),
  import("./config/wants-no-color.ts"),
]);
process.exit(await runProgram(args, createTerminal(wantsNoColor())));
