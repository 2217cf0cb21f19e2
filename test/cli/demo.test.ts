import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const main = join(import.meta.dir, "../../src/main.ts");
const fixtures = join(import.meta.dir, "../fixtures/demo");

let home: string;
const running: Bun.Subprocess[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "demo-test-"));
  mkdirSync(temporaryFolder());
});

afterEach(async () => {
  for (const program of running.splice(0)) {
    program.kill("SIGKILL");
    await program.exited;
  }
  rmSync(home, { recursive: true, force: true });
});

/** Must be empty when the demo has ended. */
function temporaryFolder(): string {
  return join(home, "tmp");
}

/** The real program, with settings in its environment that would stop it if it read them. */
function start(...args: string[]) {
  return startWith({}, ...args);
}

function startWith(env: Record<string, string>, ...args: string[]) {
  const program = Bun.spawn([process.execPath, "--no-env-file", main, "demo", ...args], {
    cwd: home,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: home,
      TMPDIR: temporaryFolder(),
      BASE_URL: "ftp://nowhere",
      PORT: "-1",
      PROXY_API_KEY: "",
      ...env,
    },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  running.push(program);
  const output = collect(program.stdout);
  const errors = new Response(program.stderr).text();
  return {
    output,
    kill: (signal: NodeJS.Signals) => program.kill(signal),
    /** What it wrote in all, and how it ended. */
    async ended() {
      const exitCode = await program.exited;
      return { exitCode, output: await output.whole, errors: await errors };
    },
  };
}

/** Reads on in the background, so that a test can wait for words. */
function collect(stream: ReadableStream<Uint8Array>) {
  let text = "";
  const waiting: [RegExp, (found: RegExpExecArray) => void][] = [];
  const look = () => {
    for (const [words, resolve] of waiting) {
      const found = words.exec(text);
      if (found !== null) resolve(found);
    }
  };
  const whole = (async () => {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      text += decoder.decode(bytes, { stream: true });
      look();
    }
    return text;
  })();
  return {
    whole,
    /** The words as soon as they have been written; rejects when the program ends without them. */
    waitFor(words: RegExp): Promise<RegExpExecArray> {
      const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
      waiting.push([words, resolve]);
      look();
      void whole.then(() => reject(new Error(`${words} is not in:\n${text}`)));
      return promise;
    },
  };
}

/** What differs from run to run, as words. */
function mask(text: string): string {
  return text
    .replaceAll(/msg_[0-9A-Za-z]{24}/g, "msg_<24>")
    .replaceAll(/(call|resp)_[0-9a-f]{24}/g, "$1_<24>")
    .replaceAll(/port \d+$/gm, "port <port>")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:<port>")
    .replaceAll(/^\d\d:\d\d:\d\d {2}/gm, "<time>  ")
    .replaceAll(/ +\d+\.\d s(?: +\d+ tok\/s)?$/gm, "  <speed>");
}

/** The rows of one wire; how the rows of the two are mixed depends on the clock. */
function rowsOf(wire: string, output: string): string {
  const rows = mask(output)
    .split("\n")
    .filter((row) => row.startsWith(`${wire.padEnd(8)} │`));
  return `${rows.join("\n")}\n`;
}

/** Asks the demo's proxy a question, without a stream, as a client of its own would. */
async function ask(url: string, path: string): Promise<number> {
  const response = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model: "claude-haiku-5-5",
      max_tokens: 100,
      messages: [{ role: "user", content: "Hello" }],
    }),
  });
  await response.text();
  return response.status;
}

const explanation = `
What happened
The messages request became a chat request, and 24 chunks became 27 events: a
growing text, then a call of the tool Bash. Claude Code would now run that
command and send its output back in the next request. The proxy's log of it:

<time>  sonnet-5-5 → demonstration-medium           200        73 in        0 cached       81 out  <speed>
`;

const introduction = `
claude-proxy demo
This shows one request on both wires. It needs no key, there is no model behind
it, and nothing leaves this machine.

client   │ CLIENT'S WIRE: Anthropic Messages API
`;

const invitation = `
Your turn
Point the real Claude Code at it, in another terminal:

    ANTHROPIC_BASE_URL=http://127.0.0.1:<port> ANTHROPIC_AUTH_TOKEN=demo \\
    CLAUDE_CODE_AUTO_MODE_SERVER=0 CLAUDE_CODE_AUTO_MODE_MODEL=haiku claude

Every answer says that there is no model behind it, and asks to run one harmless
command. For answers from a model, run: npm start (it says what it needs)

Serving at http://127.0.0.1:<port> until Ctrl+C, one line per answer:

`;

test("demo --once shows one exchange on both wires and ends", async () => {
  const { exitCode, output, errors } = await start("--once", "--port", "0").ended();
  expect([exitCode, errors]).toEqual([0, ""]);
  expect(mask(output)).toStartWith(introduction);
  expect(mask(output)).toEndWith(explanation);
  expect(rowsOf("client", output)).toBe(readFileSync(join(fixtures, "client-wire.txt"), "utf8"));
  expect(rowsOf("upstream", output)).toBe(readFileSync(join(fixtures, "upstream-wire.txt"), "utf8"));
  expect(readdirSync(temporaryFolder())).toEqual([]);
});

test("demo --protocol responses shows the same exchange on the Responses API", async () => {
  const { exitCode, output, errors } = await start(
    "--once",
    "--port",
    "0",
    "--protocol",
    "responses",
  ).ended();
  expect([exitCode, errors]).toEqual([0, ""]);
  expect(rowsOf("upstream", output)).toBe(readFileSync(join(fixtures, "responses-wire.txt"), "utf8"));
  expect(mask(output)).toEndWith(
    `
What happened
The messages request became a responses request, and 30 response events became
27 events: a growing text, then a call of the tool Bash. Claude Code would now
run that command and send its output back in the next request. The proxy's log
of it:

<time>  sonnet-5-5 → demonstration-medium           200        71 in        0 cached       81 out  <speed>
`,
  );
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "demo serves on with one line for each answer, until %s ends it with exit code 0",
  async (signal) => {
    const demo = start("--port", "0");
    const [, url = ""] = await demo.output.waitFor(/Serving at (\S+) until/);
    expect(await ask(url, "/v1/messages")).toBe(200);
    expect(await ask(url, "/v1/messages/count_tokens")).toBe(200);
    expect(await ask(url, "/v1/nothing")).toBe(404);
    await demo.output.waitFor(/not_found_error.*\n/);
    demo.kill(signal);
    const { exitCode, output, errors } = await demo.ended();
    expect([exitCode, errors]).toEqual([0, ""]);
    const [, served] = mask(output).split(explanation);
    expect(served).toStartWith(invitation);
    expect(served?.slice(invitation.length).split("\n")).toEqual([
      "<time>  haiku-5-5 → demonstration-small             200        10 in        0 cached       43 out  <speed>",
      "<time>  POST /v1/nothing                            404  <speed>",
      expect.stringMatching(/^ {10}not_found_error: /),
      "",
    ]);
    expect(readdirSync(temporaryFolder())).toEqual([]);
  },
);

test("[turn 94] behind an HTTP proxy the demo works, and its line for Claude Code keeps the client from it", async () => {
  // Nobody listens there.
  const demo = startWith({ HTTP_PROXY: "http://127.0.0.1:9" }, "--port", "0");
  const [line] = await demo.output.waitFor(/ANTHROPIC_BASE_URL=[\s\S]*?claude\n/);
  expect(line.replace(/:\d+/, ":<port>")).toBe(
    "ANTHROPIC_BASE_URL=http://127.0.0.1:<port> ANTHROPIC_AUTH_TOKEN=demo \\\n" +
      "    NO_PROXY=127.0.0.1 CLAUDE_CODE_AUTO_MODE_SERVER=0 \\\n" +
      "    CLAUDE_CODE_AUTO_MODE_MODEL=haiku claude\n",
  );
  demo.kill("SIGTERM");
  expect((await demo.ended()).exitCode).toBe(0);
});

test("an interrupted drawing is finished, and nothing is served after it", async () => {
  const demo = start("--port", "0");
  await demo.output.waitFor(/delta\.role/);
  demo.kill("SIGINT");
  const { exitCode, output, errors } = await demo.ended();
  expect([exitCode, errors]).toEqual([0, ""]);
  expect(mask(output)).toEndWith(explanation);
  expect(readdirSync(temporaryFolder())).toEqual([]);
});

test("where the usual port is taken, a free one is used and the demo says so", async () => {
  const occupant = occupy(8080);
  const demo = start();
  const [, note, port] = await demo.output.waitFor(/\n(.*) Serving at http:\/\/127\.0\.0\.1:(\d+)\s/);
  expect(note).toBe("Port 8080 is taken, so a free one is used.");
  expect(Number(port)).not.toBe(8080);
  await occupant?.stop(true);
});

test("a port that was asked for and is taken ends the demo with a way out", async () => {
  const occupant = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const port = Number(new URL(occupant.url).port);
  const { exitCode, output, errors } = await start("--port", String(port)).ended();
  expect([exitCode, output, errors]).toEqual([
    1,
    "",
    `Port ${port} is taken by another program, not by a claude-proxy. Stop it, or use another port: --port ${port + 1} (0 picks a free one).\n`,
  ]);
  expect(readdirSync(temporaryFolder())).toEqual([]);
  await occupant.stop(true);
});

test.each(["abc", "-1", "65536", "80.5", ""])("--port %p is refused", async (port) => {
  const { exitCode, output, errors } = await start(`--port=${port}`).ended();
  expect([exitCode, output, errors]).toEqual([
    2,
    "",
    `error: option '--port <number>' argument '${port}' is invalid. A port is a number from 0 to 65535; 0 picks a free one.\nFor help, run: claude-proxy demo --help\n`,
  ]);
});

test.each(["anthropic", "Chat", ""])("--protocol %p is refused, and both wires are named", async (name) => {
  const { exitCode, output, errors } = await start(`--protocol=${name}`).ended();
  expect([exitCode, output, errors]).toEqual([
    2,
    "",
    `error: option '--protocol <name>' argument '${name}' is invalid. Allowed choices are chat, responses.\nFor help, run: claude-proxy demo --help\n`,
  ]);
});

test("--protocol chat is what the demo does by itself", async () => {
  const { exitCode, output, errors } = await start("--once", "--port", "0", "--protocol", "chat").ended();
  expect([exitCode, errors]).toEqual([0, ""]);
  expect(mask(output)).toEndWith(explanation);
  expect(rowsOf("upstream", output)).toBe(readFileSync(join(fixtures, "upstream-wire.txt"), "utf8"));
});

/** Null when another program has the port already, which serves as well. */
function occupy(port: number) {
  try {
    return Bun.serve({ hostname: "127.0.0.1", port, fetch: () => new Response() });
  } catch {
    return null;
  }
}
