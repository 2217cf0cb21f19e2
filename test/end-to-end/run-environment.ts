import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type ClientVersion, installClient } from "./install-client.ts";
import type { ClientRun } from "./run-client.ts";

/** A user's home, and the folder in which he works. */
export interface RunPlace {
  home: string;
  work: string;
}

/** Makes both, empty: `await using place = …` removes them. */
export async function openRunPlace(): Promise<RunPlace & AsyncDisposable> {
  const home = await mkdtemp(join(tmpdir(), "claude-home-"));
  const work = await mkdtemp(join(tmpdir(), "claude-work-"));
  return {
    home,
    work,
    [Symbol.asyncDispose]: async () => {
      for (const folder of [home, work]) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Writes the configuration file of a user. */
export async function writeUserConfig({ home }: RunPlace, text: string): Promise<void> {
  const folder = join(home, ".config/claude-proxy");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "config.yaml"), text, { mode: 0o600 });
}

/** Starts a command without a terminal where the user works, and waits for its end. */
export async function runCommand(
  words: readonly string[],
  { work }: RunPlace,
  env: Readonly<Record<string, string>>,
): Promise<ClientRun> {
  const child = Bun.spawn([...words], { cwd: work, env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, exitCode] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  return { stdout, stderr, exitCode };
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
