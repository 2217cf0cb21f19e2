/** What a user runs in a shell so that a variable of the environment counts no longer. */
export function unsetCommand(name: string, platform: NodeJS.Platform): string {
  return platform === "win32" ? `Remove-Item Env:${name}` : `unset ${name}`;
}
