import { raiseRequestLimit } from "../config/request-limit.ts";

/**
 * Starts this program over, as the same process, when it could send 256 requests at a time only: Bun reads the
 * limit before it runs a line of ours. Returns when there is nothing to do, or no way to: Windows cannot replace a
 * process, and the server admits fewer requests there.
 *
 * `mainPath` is the script of the program itself, which another script may have loaded (`npm start`).
 */
export function restartWithMoreRequests(args: readonly string[], mainPath: string): void {
  const env = raiseRequestLimit();
  if (env === null || process.platform === "win32" || process.execve === undefined) return;
  // A compiled program finds itself; the interpreter has to be told its script again.
  const isCompiled = mainPath.startsWith("/$bunfs/");
  const script = isCompiled ? [] : [...process.execArgv, mainPath];
  try {
    process.execve(process.execPath, [process.execPath, ...script, ...args], env);
  } catch {
    // Not every system lets a program start over. The server then admits as many requests as Bun can send.
  }
}
