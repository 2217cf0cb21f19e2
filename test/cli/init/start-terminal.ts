import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { soonMs } from "../../support/soon-ms.ts";

const main = join(import.meta.dir, "../../../src/main.ts");

/** A pseudo-terminal with a command of the program in it. */
export interface PseudoTerminal extends AsyncDisposable {
  /** Presses keys, as tmux names them. */
  press(...keys: string[]): Promise<void>;
  /** Types a text, letter by letter. */
  type(text: string): Promise<void>;
  /** Everything that was shown, from the first line on, once the text is among it; rejects if it does not come. */
  shows(text: string): Promise<string>;
}

/** The exit code is shown at the end, as `exit code 0`. */
export async function startTerminal(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<PseudoTerminal> {
  const socket = `claude-proxy-${randomUUID()}`;
  const tmux = async (...words: string[]) => {
    const child = Bun.spawn(["tmux", "-L", socket, "-f", "/dev/null", ...words], {
      stdout: "pipe",
      stderr: "pipe",
    });
    const text = await new Response(child.stdout).text();
    await child.exited;
    return text;
  };
  const variables = Object.entries({
    PATH: process.env["PATH"] ?? "",
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    ...env,
  });
  const words = [
    "env",
    "-i",
    ...variables.map(([name, value]) => `${name}=${value}`),
    process.execPath,
    "--no-env-file",
    main,
    ...args,
  ];
  const line = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  await tmux("-u", "new-session", "-d", "-x", "100", "-y", "50", `${line}; echo exit code $?; cat`);
  return {
    press: async (...keys) => void (await tmux("send-keys", ...keys)),
    type: async (text) => void (await tmux("send-keys", "-l", text)),
    async shows(text) {
      let shown = "";
      for (const endMs = performance.now() + 4 * soonMs; performance.now() < endMs; ) {
        shown = await tmux("capture-pane", "-p", "-J", "-S", "-");
        if (shown.includes(text)) return shown;
        await Bun.sleep(50);
      }
      throw new Error(`"${text}" is not shown:\n${shown}`);
    },
    [Symbol.asyncDispose]: async () => void (await tmux("kill-server")),
  };
}
