import { restartWithMoreRequests } from "./cli/restart-with-more-requests.ts";

const args = process.argv.slice(2);
if (args[0] === "serve") restartWithMoreRequests(args, import.meta.path);

/** Loads what runs this command line: for commands that have to be quick, nothing of the other commands. */
function loadRun() {
  switch (args[0]) {
    case "serve":
      return import("./cli/serve/run-alone.ts");
    case "statusline":
      return import("./cli/statusline/run-alone.ts");
    case "--version":
      if (args.length === 1) return import("./cli/print-version.ts");
  }
  return import("./cli/run-program.ts");
}

// Loaded only now: otherwise a program that restarts itself would load everything twice.
const [{ runProgram }, { createTerminal }, { wantsNoColor }] = await Promise.all([
  loadRun(),
  import("./cli/terminal.ts"),
  import("./config/foreign-variables.ts"),
]);
const terminal = await createTerminal(wantsNoColor());
const exitCode = await runProgram(args, terminal);
// Without this wait, a slow pipe (`| less`) would lose the end of the output. A server must end even if nobody reads.
await Promise.race([terminal.flushed(), ...(args[0] === "serve" ? [Bun.sleep(1000)] : [])]);
// A server has its log. For any other command, lost output means that the user got no answer.
process.exit(exitCode === 0 && args[0] !== "serve" && terminal.lostTexts() > 0 ? 1 : exitCode);
