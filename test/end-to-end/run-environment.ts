import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { type ClientVersion, installClient } from "./install-client.ts";

/** A user's home, and the folder in which he works. */
export interface RunPlace {
  home: string;
  work: string;
}

/** The environment of a user, with this Claude Code in `PATH`; the port that he has set is free. */
export async function createRunEnvironment(
  version: ClientVersion,
  { home, work }: RunPlace,
): Promise<Record<string, string>> {
  const command = await installClient(version);
  const programs = join(work, ".programs");
  await mkdir(programs, { recursive: true });
  const words = command.map((word) => `"${word}"`).join(" ");
  await writeFile(join(programs, "claude"), `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  return {
    PATH: [programs, dirname(Bun.which("node") ?? "/usr/bin/node"), "/usr/bin", "/bin"].join(delimiter),
    HOME: home,
    SHELL: "/bin/bash",
    PORT: "0",
    // The client would trip over it.
    HTTPS_PROXY: "http://127.0.0.1:1",
    HTTP_PROXY: "http://127.0.0.1:1",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_TELEMETRY: "1",
    DISABLE_ERROR_REPORTING: "1",
    DISABLE_AUTOUPDATER: "1",
  };
}

/** What Claude Code keeps in `.claude.json` of a user who has used it here before, so that it asks nothing. */
export function createClientState(work: string): string {
  const project = { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true };
  return JSON.stringify({ hasCompletedOnboarding: true, theme: "dark", projects: { [work]: project } });
}
