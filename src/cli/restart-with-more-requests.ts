import { raiseRequestLimit } from "../config/request-limit.ts";

/**
 * Restarts this program in the same process if it could send only 256 requests at a time: Bun reads the limit before it
 * runs our code. Returns if there is nothing to do, or no way to do it: Windows cannot replace a process, and the
 * server admits fewer requests there. `mainPath` is the script of the program itself, which another script may have
 * loaded (`npm start`).
 */
export function restartWithMoreRequests(args: readonly string[], mainPath: string): void {
  const env = raiseRequestLimit();
  if (env === null || process.platform === "win32" || process.execve === undefined) return;
  // A compiled program contains its script; the interpreter needs the path of its script again.
  const isCompiled = mainPath.startsWith("/$bunfs/");
  const script = isCompiled ? [] : [...process.execArgv, mainPath];
  try {
    process.execve(process.execPath, [process.execPath, ...script, ...args], env);
  } catch {
    // Not every system lets a program restart itself. The server then admits as many requests as Bun can send.
  }
}
