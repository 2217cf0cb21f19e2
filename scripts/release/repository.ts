/** Where the project lives: downloads, formula, manifest and workflows all begin here. */
export const repository = "https://github.com/claude-proxy/claude-proxy";

/** Where the archives of one version are. Scoop puts the version in by itself: `$version`. */
export function formatDownloadUrl(version: string): string {
  return `${repository}/releases/download/v${version}`;
}
