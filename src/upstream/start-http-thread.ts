/**
 * Starts the thread on which Bun's fetch runs. The first request would start it, and Bun ends the process if there is
 * no descriptor left for it: so this must happen before anybody can connect. Nothing is sent, because nobody listens at
 * the address.
 * @returns a promise that settles when the thread runs
 */
export async function startHttpThread(): Promise<void> {
  // Windows has no such limit, as far as we know.
  if (process.platform === "win32") return;
  try {
    await fetch("http://localhost/", { unix: "/dev/null/nobody" });
  } catch {
    // This always fails, because a file is not a folder.
  }
}
