/**
 * A path as people write it: `~` for the home folder.
 * @param path absolute, of either kind of system
 * @param homeDir absolute, without a separator at its end
 */
export function shortenHome(path: string, homeDir: string): string {
  if (homeDir.length < 2 || !path.startsWith(homeDir)) return path;
  const rest = path.slice(homeDir.length);
  return rest === "" || rest.startsWith("/") || rest.startsWith("\\") ? `~${rest}` : path;
}
