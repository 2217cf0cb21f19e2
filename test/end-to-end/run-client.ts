import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface ClientRun {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export interface ClientCall {
  /** From `installClient`. */
  command: readonly string[];
  proxyUrl: string;
  /** Where the client works. */
  folder: string;
  prompt: string;
  flags?: readonly string[];
  environment?: Readonly<Record<string, string>>;
  /** Then it is killed; default two minutes. */
  timeLimitMs?: number;
}

const defaultTimeLimitMs = 120_000;

/** Runs Claude Code once without a terminal, in an empty home, told to call nobody but the proxy. */
export async function runClient(call: ClientCall): Promise<ClientRun> {
  const home = await mkdtemp(join(tmpdir(), "claude-home-"));
  const node = dirname(Bun.which("node") ?? "/usr/bin/node");
  const child = Bun.spawn([...call.command, "-p", call.prompt, ...(call.flags ?? [])], {
    cwd: call.folder,
    env: {
      PATH: `${node}:/usr/local/bin:/usr/bin:/bin`,
      HOME: home,
      TERM: "xterm",
      SHELL: "/bin/bash",
      ANTHROPIC_BASE_URL: call.proxyUrl,
      ANTHROPIC_AUTH_TOKEN: "sk-client",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_TELEMETRY: "1",
      DISABLE_ERROR_REPORTING: "1",
      DISABLE_AUTOUPDATER: "1",
      CLAUDE_CODE_MAX_RETRIES: "0",
      ...call.environment,
    },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), call.timeLimitMs ?? defaultTimeLimitMs);
  try {
    const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    return { exitCode: await child.exited, stdout, stderr };
  } finally {
    clearTimeout(timer);
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
