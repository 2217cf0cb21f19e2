import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { soonMs } from "../../support/soon-ms.ts";

const main = join(import.meta.dir, "../../../src/main.ts");

let home: string;
let env: Record<string, string>;

// The program on the PATH completes as the real one, and otherwise says only how it was called. So a test can type a
// line, press the key and then Return, and sees what the shell made of it.
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "completion-"));
  const bin = join(home, "bin");
  mkdirSync(bin);
  mkdirSync(join(home, "some folder"));
  writeFileSync(join(home, "some folder", "its config.yaml"), "");
  const program = join(bin, "claude-proxy");
  const calls = `"${process.execPath}" --no-env-file "${main}" "$@"`;
  writeFileSync(
    program,
    `#!/bin/sh\n[ "$1" = completion ] && exec ${calls}\nprintf 'called'\nprintf ' <%s>' "$@"\necho ' end'\n`,
  );
  chmodSync(program, 0o755);
  env = { HOME: home, PATH: bin + delimiter + (process.env["PATH"] ?? ""), PS1: "ready> ", TERM: "dumb" };
});

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

/** Starts a shell on a terminal, types the lines one after the other, and gives how the program was called by the last. */
async function typeInto(shell: readonly string[], lines: readonly string[]): Promise<string> {
  let output = "";
  let notice = Promise.withResolvers<void>();
  const decoder = new TextDecoder();
  const data = (_terminal: unknown, bytes: Uint8Array) => {
    output += decoder.decode(bytes, { stream: true });
    notice.resolve();
  };
  const child = Bun.spawn([...shell], { cwd: home, env, terminal: { cols: 200, rows: 50, data } });
  const find = async (pattern: RegExp): Promise<RegExpExecArray> => {
    const late = Bun.sleep(2 * soonMs).then(() => "late");
    for (;;) {
      const found = pattern.exec(Bun.stripANSI(output));
      if (found !== null) return found;
      notice = Promise.withResolvers();
      if ((await Promise.race([notice.promise, late])) === "late")
        throw new Error(`Not ${pattern}: ${output}`);
    }
  };
  try {
    for (const line of lines) {
      await find(/ready> $/);
      output = "";
      child.terminal?.write(`${line}\r`);
    }
    return (await find(/called(.*) end/))[1]?.trim() ?? "";
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
}

/** What is typed, with the key in it, and how the program is called then. */
const typed: readonly (readonly [string, string])[] = [
  ["claude-proxy lear\t", "<learned>"],
  ["claude-proxy config sch\t", "<config> <schema>"],
  ["claude-proxy help transl\t", "<help> <translate>"],
  ["claude-proxy serve --upstream-prot\tresp\t", "<serve> <--upstream-protocol> <responses>"],
  ["claude-proxy serve --record-bodies=err\t", "<serve> <--record-bodies=errors>"],
  ["claude-proxy usage --by mon\t--js\t", "<usage> <--by> <month> <--json>"],
  ["claude-proxy env pow\t", "<env> <powershell>"],
  [
    "claude-proxy config check --config some\tits\t",
    "<config> <check> <--config> <some folder/its config.yaml>",
  ],
  ["claude-proxy serve --port some\t", "<serve> <--port> <some>"],
];

describe("bash", () => {
  const shell = ["bash", "--norc", "--noprofile", "-i"];
  test.skipIf(Bun.which("bash") === null).each(typed)("%j", async (line, called) => {
    expect(await typeInto(shell, ['eval "$(claude-proxy completion bash)"', line])).toBe(called);
  });
});

describe("zsh (needs it: a Debian package)", () => {
  const shell = ["zsh", "-f", "-i"];
  test.skipIf(Bun.which("zsh") === null).each(typed)("%j", async (line, called) => {
    expect(await typeInto(shell, ['eval "$(claude-proxy completion zsh)"', line])).toBe(called);
  });
});

/** Asks a shell that says itself what it would offer. */
async function ask(words: readonly string[]): Promise<string[]> {
  const child = Bun.spawn([...words], { cwd: home, env, stdio: ["ignore", "pipe", "pipe"] });
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  expect([await child.exited, err]).toEqual([0, ""]);
  return out.split(/\r?\n/).filter((line) => line !== "");
}

describe("fish (needs it: a Debian package)", () => {
  const offered: readonly (readonly [string, readonly string[]])[] = [
    ["claude-proxy lear", ["learned\tShow what upstreams taught the proxy about their models, or clear it"]],
    [
      "claude-proxy config sch",
      ["schema\tPrint the JSON Schema of the file, by which editors help to write it"],
    ],
    ["claude-proxy serve --upstream-protocol resp", ["responses"]],
    ["claude-proxy serve --record-bodies=e", ["--record-bodies=errors"]],
    ["claude-proxy usage --by m", ["model", "month"]],
    ["claude-proxy config check --config some", ["some folder/"]],
    ["claude-proxy config check --config=some", ["--config=some folder/"]],
    ["claude-proxy serve --port ", []],
  ];
  test.skipIf(Bun.which("fish") === null).each(offered)("%j", async (line, words) => {
    const script = `claude-proxy completion fish | source; complete -C ${JSON.stringify(line)}`;
    expect(await ask(["fish", "--no-config", "-c", script])).toEqual([...words]);
  });
});

describe("PowerShell (needs pwsh: no package of Debian)", () => {
  const offered: readonly (readonly [string, readonly string[]])[] = [
    ["claude-proxy lear", ["learned"]],
    ["claude-proxy config sch", ["schema"]],
    ["claude-proxy serve --upstream-protocol resp", ["responses"]],
    ["claude-proxy serve --record-bodies=e", ["--record-bodies=errors"]],
    ["claude-proxy usage --by ", ["day", "week", "month", "model", "upstream", "client", "session", "kind"]],
  ];
  test.skipIf(Bun.which("pwsh") === null).each(offered)("%j", async (line, words) => {
    const script = [
      "claude-proxy completion powershell | Out-String | Invoke-Expression",
      `(TabExpansion2 '${line}' ${line.length}).CompletionMatches | ForEach-Object CompletionText`,
    ].join("; ");
    expect(await ask(["pwsh", "-NoProfile", "-NonInteractive", "-Command", script])).toEqual([...words]);
  });
});
