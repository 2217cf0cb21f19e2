import type { Place } from "../../config/locate-folders.ts";

/** How long a program that opens the browser has to fail; one that still runs then has not. */
const failureMs = 1000;

/**
 * Opens an address in the user's browser, if there is a screen here to see it.
 * @returns false if there is one, but no program that opens the address, or if that has failed
 */
export async function openBrowser(url: string, { platform, env }: Omit<Place, "homeDir">): Promise<boolean> {
  if (!hasScreen(platform, env)) return true;
  const [name = "", ...words] = listWords(platform);
  const path = Bun.which(name, { PATH: env["PATH"] ?? env["Path"] ?? "" });
  if (path === null) return false;
  const child = Bun.spawn([path, ...words, url], { env: { ...env }, stdio: ["ignore", "ignore", "ignore"] });
  child.unref();
  const exitCode = await Promise.race([child.exited, Bun.sleep(failureMs)]);
  return exitCode === undefined || exitCode === 0;
}

function listWords(platform: NodeJS.Platform): readonly string[] {
  if (platform === "darwin") return ["open"];
  // The empty word is the title of a window, which `start` takes a quoted address for.
  if (platform === "win32") return ["cmd", "/c", "start", ""];
  return ["xdg-open"];
}

/** Whoever comes over SSH has his browser elsewhere, unless windows are passed on to him. */
function hasScreen(platform: NodeJS.Platform, env: Place["env"]): boolean {
  const isSet = (name: string) => (env[name] ?? "") !== "";
  if (platform === "darwin" || platform === "win32") return !isSet("SSH_CONNECTION");
  return isSet("DISPLAY") || isSet("WAYLAND_DISPLAY");
}
