import { randomBytes } from "node:crypto";

/** A program in a real terminal, which tmux holds. */
export interface TmuxTerminal {
  /** Types keys as tmux names them: a text, `Enter`, `C-c`. */
  type(...keys: readonly string[]): Promise<void>;
  /** Waits until the screen shows the text, and gives the screen. Throws with the screen after half a minute. */
  awaitText(text: string | RegExp): Promise<string>;
  /** The screen as it is now, with the escapes of its colours. */
  captureColours(): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

const limitMs = 30_000;

/** Whether this machine has a terminal for tests. */
export const hasTmux = Bun.which("tmux") !== null;

/** Where a command runs in a terminal. */
export interface TerminalPlace {
  readonly cwd: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Default: 40 */
  readonly rows?: number;
}

/** Starts a shell command in a terminal of 100 columns. When it has ended, the screen says `ended with` and its exit code. */
export async function startInTerminal(
  command: string,
  { cwd, env, rows = 40 }: TerminalPlace,
): Promise<TmuxTerminal> {
  const socket = `claude-proxy-${randomBytes(6).toString("hex")}`;
  const tmux = async (...args: string[]): Promise<string> => {
    const child = Bun.spawn(["tmux", "-L", socket, "-f", "/dev/null", ...args], {
      cwd,
      env: { ...env, TERM: "xterm-256color" },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    if (code !== 0) throw new Error(`tmux ${args[0]}: ${err}`);
    return out;
  };
  await tmux("new-session", "-d", "-x", "100", "-y", `${rows}`, `${command}; echo "ended with $?"; exec cat`);
  return {
    async type(...keys) {
      await tmux("send-keys", ...keys);
    },
    async awaitText(text) {
      const until = performance.now() + limitMs;
      for (;;) {
        const screen = await tmux("capture-pane", "-p");
        if (typeof text === "string" ? screen.includes(text) : text.test(screen)) return screen;
        if (performance.now() > until) throw new Error(`${text} is not on the screen:\n${screen}`);
        await Bun.sleep(50);
      }
    },
    captureColours: () => tmux("capture-pane", "-p", "-e"),
    [Symbol.asyncDispose]: async () => {
      await tmux("kill-server");
    },
  };
}
