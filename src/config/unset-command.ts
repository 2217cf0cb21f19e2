/** The shell command with which a user removes a variable from the environment. */
export function unsetCommand(name: string, platform: NodeJS.Platform): string {
  return platform === "win32" ? `Remove-Item Env:${name}` : `unset ${name}`;
}
