import { restartWithMoreRequests } from "./cli/restart-with-more-requests.ts";

const args = process.argv.slice(2);
if (args[0] === "serve") restartWithMoreRequests(args, import.meta.path);

// Only now, or a program that starts over would load all of itself twice.
const [{ runProgram }, { createTerminal }, { wantsNoColor }] = await Promise.all([
  import("./cli/run-program.ts"),
  import("./cli/terminal.ts"),
  import("./config/foreign-variables.ts"),
]);
const terminal = await createTerminal(wantsNoColor());
const exitCode = await runProgram(args, terminal);
// A pipe that is read slowly (`| less`) would miss the end; but a server has to end though nobody reads what it says.
await Promise.race([terminal.flushed(), ...(args[0] === "serve" ? [Bun.sleep(1000)] : [])]);
// A server has its log; whoever asked a question has no answer.
process.exit(exitCode === 0 && args[0] !== "serve" && terminal.lostTexts() > 0 ? 1 : exitCode);
