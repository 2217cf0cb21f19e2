/**
 * Starts the thread on which Bun's fetch runs. Its first request does that, and Bun ends the process when there is no
 * descriptor left for it: so it has to be before anybody can connect. Nothing is sent, as nobody listens there.
 * @returns a promise that settles when the thread runs
 */
export async function startHttpThread(): Promise<void> {
  // No such limit is known there.
  if (process.platform === "win32") return;
  try {
    await fetch("http://localhost/", { unix: "/dev/null/nobody" });
  } catch {
    // Always so: a file is no folder.
  }
}
