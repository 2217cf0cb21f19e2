import { expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { buildTableHead } from "../../../src/cli/doctor/models-table.ts";
import { runProgram } from "../../../src/cli/run-program.ts";
import { checks } from "../../../src/conformance/list-checks.ts";
import { createFakePrograms } from "../../support/fake-programs.ts";
import { createSettingsFile } from "../../support/settings-file.ts";
import { createCollectingTerminal } from "../collecting-terminal.ts";
import { runProgramIn } from "../run-program-in.ts";
import { startBrokenUpstream } from "./broken-upstream.ts";
import { diagnose, runDoctorIn, settingsFor } from "./run-doctor-in.ts";

const openai = "UPSTREAM_PROFILE=openai\nUPSTREAM_PROTOCOL=responses";
/** A model that reasons, as its id says. */
const thinker = "gpt-5.6";
const main = join(import.meta.dir, "../../../src/main.ts");
const certificates = join(import.meta.dir, "../../fixtures/certificates");

/** What `doctor` shows of the demonstration upstream on a terminal of 80 columns. */
const drawn = `Set-up
  ok           settings    OPENAI_API_KEY, BASE_URL, BIG_MODEL_NAME,
                           SMALL_MODEL_NAME, UPSTREAM_PROFILE,
                           UPSTREAM_PROTOCOL, PORT from ~/doctor.env; all others
                           are the defaults
  ok           files       nobody else can read ~/doctor.env
  ok           keys        no key of Anthropic goes elsewhere
  ok           port        PORT=0 takes a free one at each start
  ok           service     none is installed
  ok           HTTP proxy  Claude Code reaches 127.0.0.1 directly
  ok           upstream    HOST answers

gpt-5.6
  pass         text streamed         the text came in events
  pass         usage chunk           the tokens were told at the end
  pass         tool call streamed    the call came with its arguments
  pass         parallel calls        two calls came in one answer
  pass         forced choice         the tool that was forced was called
  pass         tool result           the answer has what the tool gave back
  pass         reasoning             it came and went back
  pass         stop sequence         the answer ended before the stop sequence
  pass         image                 the answer names what is in it
  pass         PDF                   the answer has the word that stands in it
  pass         structured output     the answer fits the schema
  pass         long tool name        the tool was called by its whole name
  pass         60 tools              the right one was called
  pass         system in the middle  it was answered
  not offered  context window        it does not tell it
                                     Claude Code takes 200,000 tokens for
                                     granted: set window in config.yaml, or it
                                     compacts too late.
  14 requests took COUNT tokens in, COUNT out, and a cost that is not known. Asked
  as openai, on the wire responses.
`;

test.skipIf(process.platform === "win32")(
  "the demonstration upstream passes; the whole output at 80 columns",
  async () => {
    await using upstream = startBrokenUpstream();
    const path = join(homedir(), "doctor.env");
    writeFileSync(path, settingsFor(upstream.url, openai, thinker), { mode: 0o600 });
    const terminal = { ...createCollectingTerminal(), columns: 80 };
    const exitCode = await runProgram(["doctor", "--yes", "--env-file", path], terminal);
    rmSync(path);
    const { host } = new URL(upstream.url);
    expect(terminal.err()).toBe(
      "gpt-5.6: 14 requests, about 7,226 tokens in and at most 17,000 out; its price is\n  not known\n",
    );
    // What the proxy counts itself, behind a stop sequence, depends on when its tokenizer is ready.
    const out = terminal
      .out()
      .replace(host, "HOST")
      .replaceAll(/\d,\d{3}(?= tokens in)|\d{3}(?= out)/g, "COUNT");
    expect(out).toBe(drawn);
    expect(exitCode).toBe(0);
  },
);

const findings = z.strictObject({
  subject: z.string(),
  standing: z.enum(["ok", "warning", "fails"]),
  text: z.string(),
});

const reportSchema = z.strictObject({
  version: z.string(),
  time: z.iso.datetime(),
  setup: z.array(findings),
  targets: z.array(
    z.strictObject({
      target: z.literal(thinker),
      model: z.literal(thinker),
      server: z.null(),
      family: z.literal("openai"),
      protocol: z.literal("responses"),
      window: z.number(),
      estimate: z.strictObject({
        requests: z.literal(14),
        inputTokens: z.number(),
        mostOutputTokens: z.literal(17_000),
        mostUsd: z.number(),
      }),
      skipped: z.null(),
      checks: z.array(
        z.strictObject({
          id: z.string(),
          name: z.string(),
          standing: z.literal("pass"),
          found: z.string(),
          repairs: z.tuple([]),
          meaning: z.null(),
          ms: z.number(),
          requests: z.number(),
        }),
      ),
      charged: z.strictObject({
        requests: z.literal(14),
        inputTokens: z.number(),
        outputTokens: z.number(),
        costUsd: z.number(),
        // A stream that is ended at a stop sequence tells no usage.
        unknownCosts: z.literal(1),
      }),
    }),
  ),
  ok: z.literal(true),
});

/** As OpenRouter lists a model: dollars for a token. */
const pricedModels = {
  data: [{ id: thinker, context_length: 131072, pricing: { prompt: "0.000001", completion: "0.00001" } }],
};

test("the JSON: everything passes, with what it may cost and what it did", async () => {
  await using upstream = startBrokenUpstream({ models: pricedModels });
  const { exitCode, out, err } = await runDoctorIn(settingsFor(upstream.url, openai, thinker), [
    "--yes",
    "--json",
  ]);
  const report = reportSchema.parse(JSON.parse(out));
  expect(exitCode).toBe(0);
  expect(report.targets[0]?.checks.map(({ id }) => id)).toEqual(checks.map(({ id }) => id));
  const [target] = report.targets;
  expect(target?.charged.costUsd).toBeGreaterThan(0);
  expect(target?.charged.costUsd).toBeLessThan(target?.estimate.mostUsd ?? 0);
  expect(target?.estimate.mostUsd).toBe(0.177_226);
  expect(err).toEndWith("at most 17,000 out; costs $0.1772 at most\n");
});

test("nothing is sent without a yes where it may cost money and nobody can be asked", async () => {
  await using upstream = startBrokenUpstream({ models: pricedModels });
  const { exitCode, err } = await runDoctorIn(settingsFor(upstream.url, openai, thinker), []);
  expect([exitCode, upstream.requests]).toEqual([2, []]);
  expect(err).toContain("Nothing was sent: this may cost money, and there is nobody to ask.");
});

test("a server that runs models itself takes no money, and no yes is needed", async () => {
  await using upstream = startBrokenUpstream();
  const { err, out } = await runDoctorIn(settingsFor(upstream.url, "UPSTREAM_PROFILE=ollama"), []);
  expect(err).toEndWith("costs nothing\n");
  expect(out).toContain(", and no money.");
});

test("the part that costs nothing sends nothing", async () => {
  await using upstream = startBrokenUpstream();
  const { exitCode, out } = await runDoctorIn(settingsFor(upstream.url), ["--setup-only"]);
  expect([exitCode, upstream.requests]).toEqual([0, []]);
  expect(out).toContain("  ok           settings    ");
  expect(out).not.toContain("upstream-key");
});

test("a table that cannot be written: its rows are shown instead, and it fails", async () => {
  await using upstream = startBrokenUpstream({ models: pricedModels });
  const settings = settingsFor(upstream.url, openai, thinker);
  const { out: printed } = await runDoctorIn(settings, ["--yes", "--save", "-"]);
  const table = printed.slice(printed.indexOf("| Model |"));
  expect(table).toContain(`\n| ${thinker} | own (openai) | responses | `);
  const { exitCode, out, err } = await runDoctorIn(settings, ["--yes", "--save", tmpdir()]);
  expect([exitCode, out.slice(out.indexOf("| Model |"))]).toEqual([1, table]);
  expect(err).toContain(`${tmpdir()} cannot be written: E`);
});

test("rows are written into the table of a file, one for a model, and the rest of the file stays", async () => {
  await using upstream = startBrokenUpstream({ models: pricedModels });
  const path = join(tmpdir(), `doctor-rows-${crypto.randomUUID()}.md`);
  try {
    writeFileSync(path, "# Models\n\nOther words.\n");
    const run = () => runDoctorIn(settingsFor(upstream.url, openai, thinker), ["--yes", "--save", path]);
    await run();
    const first = readFileSync(path, "utf8");
    const names = checks.map(({ name }) => name).join(" | ");
    const yes = "yes | ".repeat(checks.length - 1);
    const date = new Date().toISOString().slice(0, 10);
    expect(first).toBe(
      `# Models\n\nOther words.\n\n| Model | Server | Wire | ${names} | Version | Date |\n|${"---|".repeat(checks.length + 5)}\n| ${thinker} | own (openai) | responses | ${yes}131072 | development | ${date} |\n`,
    );
    writeFileSync(path, `${first}\nThe end.\n`);
    await run();
    expect(readFileSync(path, "utf8")).toBe(`${first}\nThe end.\n`);
    // As git writes it on Windows.
    const onWindows = `${first}\nThe end.\n`.replaceAll("\n", "\r\n");
    writeFileSync(path, onWindows);
    await run();
    expect(readFileSync(path, "utf8")).toBe(onWindows);
  } finally {
    rmSync(path, { force: true });
  }
});

test("a clock that is wrong, and that alone", async () => {
  await using upstream = startBrokenUpstream({ clockMs: -600_000 });
  const { exitCode, setup } = await diagnose(settingsFor(upstream.url), ["--setup-only"]);
  const { host } = new URL(upstream.url);
  expect([exitCode, setup]).toEqual([
    0,
    [
      `warning upstream: the clock of this machine is 10 minutes ahead of that of ${host}. Set it: certificates and caps of a day go by it`,
    ],
  ]);
});

test("a certificate that nobody has signed, and nothing is sent behind it", async () => {
  await using upstream = startBrokenUpstream({
    tls: {
      cert: readFileSync(join(certificates, "self-signed.pem"), "utf8"),
      key: readFileSync(join(certificates, "server-key.pem"), "utf8"),
    },
  });
  const { exitCode, setup, checks: found } = await diagnose(settingsFor(upstream.url));
  expect([exitCode, found, upstream.requests]).toEqual([1, {}, []]);
  expect(setup).toEqual([expect.stringContaining("its certificate is self-signed")]);
});

test("a server that is not there", async () => {
  const { exitCode, setup, checks: found } = await diagnose(settingsFor("http://127.0.0.1:9/v1"));
  expect([exitCode, found]).toEqual([1, {}]);
  expect(setup).toEqual([expect.stringMatching(/^fails upstream: 127\.0\.0\.1:9 does not answer: /)]);
});

test("a port that another program has", async () => {
  await using upstream = startBrokenUpstream();
  await using other = startBrokenUpstream();
  const port = new URL(other.url).port;
  const settings = settingsFor(upstream.url).replace("PORT=0", `PORT=${port}`);
  const { exitCode, setup } = await diagnose(settings, ["--setup-only"]);
  expect([exitCode, setup]).toEqual([
    1,
    [expect.stringContaining(`fails port: Port ${port} is taken by another program`)],
  ]);
});

/** A claude-proxy of another time, or one that does not answer. */
function startOther(version: string | null) {
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () =>
      version === null
        ? new Response("", { status: 503 })
        : Response.json({
            name: "claude-proxy",
            version,
            started_at: "2026-11-24T02:11:05.000Z",
            running_requests: 0,
          }),
  });
}

test("an older claude-proxy at the port", async () => {
  await using upstream = startBrokenUpstream();
  await using older = startOther("0.0.1");
  const settings = settingsFor(upstream.url).replace("PORT=0", `PORT=${older.port}`);
  expect(await diagnose(settings, ["--setup-only"])).toEqual({
    exitCode: 0,
    setup: [
      `warning port: at port ${older.port} runs claude-proxy 0.0.1, and this is development. Restart it`,
    ],
    checks: {},
  });
});

test("a file that others can read, and a proxy variable that catches this machine", async () => {
  await using upstream = startBrokenUpstream();
  using file = createSettingsFile(settingsFor(upstream.url));
  if (process.platform !== "win32") chmodSync(file.path, 0o644);
  const child = Bun.spawn(
    [process.execPath, "--no-env-file", main, "doctor", "--setup-only", "--json", "--env-file", file.path],
    {
      env: { HOME: homedir(), PATH: process.env["PATH"] ?? "", HTTP_PROXY: "http://127.0.0.1:9" },
      stdout: "pipe",
      stderr: "inherit",
    },
  );
  const { setup } = JSON.parse(await new Response(child.stdout).text());
  const notOk = setup.flatMap(({ standing, text }: Record<string, string>) =>
    standing === "ok" ? [] : [text],
  );
  expect(await child.exited).toBe(0);
  expect(notOk).toEqual([
    ...(process.platform === "win32"
      ? []
      : [
          `${file.path} can be read or written by other users of this machine. Run: chmod 600 '${file.path}'`,
        ]),
    "the environment names one, and Claude Code would look for 127.0.0.1 there. Add 127.0.0.1 to NO_PROXY",
  ]);
});

test.skipIf(process.platform !== "linux")("a service whose settings do not allow a start", async () => {
  await using upstream = startBrokenUpstream();
  const home = mkdtempSync(join(tmpdir(), "doctor-service-"));
  try {
    const folder = join(home, ".config/systemd/user");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "claude-proxy.service"), "[Unit]\n");
    const envFile = join(home, "own.env");
    writeFileSync(envFile, settingsFor(upstream.url), { mode: 0o600 });
    const { exitCode, out } = await runProgramIn(home, ["doctor", "--setup-only", "--env-file", envFile]);
    const row = out.split("\n").find((line) => line.includes(" service "));
    expect(row).toBe(
      `  warning      service     one is installed. OPENAI_API_KEY is not set, but openrouter.ai needs a key. Example: OPENAI_API_KEY=sk-or-v1-…; BIG_MODEL_NAME is not set. Example: BIG_MODEL_NAME=z-ai/glm-4.6; SMALL_MODEL_NAME is not set. Example: SMALL_MODEL_NAME=openai/gpt-5-mini; A service does not see the settings in your shell. It reads them from ${join(home, ".config/claude-proxy/.env")}`,
    );
    expect(exitCode).toBe(0);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test.skipIf(process.platform !== "linux").each([
  [
    "does not run",
    "inactive",
    "0.0.1",
    "  warning      service     it is installed but does not run. Run: claude-proxy service start",
  ],
  [
    "runs an earlier version",
    "active",
    "0.0.1",
    "  warning      service     it still runs version 0.0.1, and this is development. Run: claude-proxy service restart",
  ],
  [
    "runs but does not answer",
    "active",
    null,
    "  warning      service     it runs but does not answer. Run: claude-proxy service logs",
  ],
  ["runs this version", "active", "development", "  ok           service     it runs, with this version"],
])("a service that %s", async (_name, state, version, row) => {
  await using upstream = startBrokenUpstream();
  await using other = startOther(version);
  const home = mkdtempSync(join(tmpdir(), "doctor-service-"));
  try {
    const units = join(home, ".config/systemd/user");
    const settings = join(home, ".config/claude-proxy");
    for (const folder of [units, settings]) mkdirSync(folder, { recursive: true });
    writeFileSync(join(units, "claude-proxy.service"), "[Unit]\n");
    writeFileSync(join(settings, ".env"), settingsFor(upstream.url).replace("PORT=0", `PORT=${other.port}`), {
      mode: 0o600,
    });
    const { folder } = createFakePrograms(join(home, "bin"), {
      systemctl: `printf 'ActiveState=${state}\\nMainPID=42\\nResult=success\\n'`,
    });
    const { out } = await runProgramIn(home, ["doctor", "--setup-only"], { PATH: `${folder}:/usr/bin:/bin` });
    expect(out.split("\n").find((line) => line.includes(" service "))).toBe(row);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test("a key of Anthropic that another server would get, without the key", async () => {
  await using upstream = startBrokenUpstream();
  const settings = settingsFor(upstream.url).replace("upstream-key", "sk-ant-api03-canary0123456789");
  const { exitCode, out } = await runDoctorIn(settings, ["--setup-only"]);
  expect(exitCode).toBe(1);
  expect(out).toContain(
    "  fails        keys        the key of upstream begins with sk-ant-, as Anthropic's do",
  );
  expect(out).not.toContain("canary");
});

test("an answer that does not come is given up after the time that was named", async () => {
  const never = Promise.withResolvers<Response>();
  await using silent = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => (request.method === "GET" ? new Response("") : never.promise),
  });
  const { exitCode, out } = await runDoctorIn(settingsFor(`http://127.0.0.1:${silent.port}/v1`), [
    "--yes",
    "--time-limit",
    "1",
  ]);
  never.resolve(new Response(""));
  expect(exitCode).toBe(1);
  expect(out).toContain("  fails        text streamed         there was no whole answer within 1 s\n");
});

test.each([[["--time-limit", "soon"], "--time-limit soon: must be seconds, for example 60\n"]])(
  "%j is refused",
  async (args, message) => {
    const { exitCode, err } = await runDoctorIn(settingsFor("http://127.0.0.1:9/v1"), args);
    expect([exitCode, err]).toEqual([2, message]);
  },
);

test("its table is that of docs/models.md, and each column is explained there", async () => {
  const page = await Bun.file(join(import.meta.dir, "../../../docs/models.md")).text();
  expect(page.includes(buildTableHead())).toBeTrue();
  const explained = [...page.matchAll(/^\| ([^|]+) \| [^|]+ \| [^|]+ \|$/gm)].map(([, name]) => name);
  expect(checks.map(({ name }) => name).filter((name) => !explained.includes(name))).toEqual([]);
});
