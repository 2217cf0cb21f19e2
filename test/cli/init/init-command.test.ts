import { expect, test } from "bun:test";
import { join } from "node:path";
import { createInitHome } from "./run-init.ts";
import { startModelServer } from "./start-model-server.ts";

const isWindows = process.platform === "win32";
const head = "# Settings of claude-proxy. All of them: claude-proxy serve --help\n";
const fixture = (path: string) => join(import.meta.dir, "../../fixtures/takeover", path);

test("one upstream is written into .env, for its owner alone, and a second run changes nothing", async () => {
  using home = createInitHome();
  await using upstream = await startModelServer();
  const flags = ["--yes", "--upstream", upstream.baseUrl, "--big-model", "vendor/big-1", "--small-model"];
  const first = await home.run([...flags, "vendor/small-1", "--key-stdin"], {
    input: "sk-canary-0123456789\n",
  });
  expect([first.exitCode, first.err]).toEqual([0, ""]);
  const text = `${head}OPENAI_API_KEY=sk-canary-0123456789
BASE_URL=${upstream.baseUrl}
BIG_MODEL_NAME=vendor/big-1
SMALL_MODEL_NAME=vendor/small-1
`;
  expect(home.read(".env")).toBe(text);
  expect(home.files()).toEqual([join(".config", "claude-proxy", ".env")]);
  if (!isWindows) expect(home.modeOf(".env")).toBe(0o600);
  expect(first.out).toContain("It works: vendor/big-1 called the tool");
  expect(first.out).toContain("OPENAI_API_KEY=********");
  expect(first.out).not.toContain("canary");

  const second = await home.run([...flags, "vendor/small-1", "--key-stdin"], {
    input: "sk-canary-0123456789",
  });
  expect(second.exitCode).toBe(0);
  expect(second.out).toContain("The files say all of that already: nothing is written.");
  expect(home.read(".env")).toBe(text);
  const asked = upstream.requests.map(({ headers }) => headers["authorization"]);
  expect(new Set(asked)).toEqual(new Set(["Bearer sk-canary-0123456789"]));
});

test("lines, comments and line breaks of an .env that exists are kept", async () => {
  using home = createInitHome();
  await using upstream = await startModelServer();
  home.write(".env", '# mine\r\nPORT=8099 # my port\r\nexport BIG_MODEL_NAME="old" # the old one\r\n', 0o644);
  const { exitCode } = await home.run([
    "--yes",
    "--upstream",
    upstream.baseUrl,
    "--big-model",
    "vendor/big-1",
  ]);
  expect(exitCode).toBe(0);
  expect(home.read(".env")).toBe(
    `# mine\r\nPORT=8099 # my port\r\nexport BIG_MODEL_NAME=vendor/big-1 # the old one\r\nBASE_URL=${upstream.baseUrl}\r\nSMALL_MODEL_NAME=vendor/big-1\r\n`,
  );
  if (!isWindows) expect(home.modeOf(".env")).toBe(0o600);
});

test("a config.yaml that exists is changed in place, and a key that is a reference stays one", async () => {
  using home = createInitHome();
  await using upstream = await startModelServer();
  const before =
    "# mine\nupstreams:\n  desk: { url: http://localhost:1/v1 } # kept\nroutes:\n  default: desk/x # usual\n";
  home.write("config.yaml", before);
  const flags = [
    "--yes",
    "--upstream",
    upstream.baseUrl,
    "--big-model",
    "vendor/big-1",
    "--key-env",
    "MY_KEY",
  ];
  const { exitCode, out } = await home.run(flags, { env: { MY_KEY: "canary-0123456789" } });
  expect(exitCode).toBe(0);
  expect(home.read("config.yaml")).toBe(`# mine
upstreams:
  desk: { url: http://localhost:1/v1 } # kept
  local: { url: ${upstream.baseUrl}, key: "\${MY_KEY}" }
routes:
  default: local/vendor/big-1 # usual
  haiku: local/vendor/big-1
`);
  expect(home.read(".env")).toBe(null);
  expect(out).not.toContain("canary");
});

test("a file of another program is taken over, with its keys in .env, and what cannot be is named", async () => {
  using home = createInitHome();
  const file = fixture("claude-code-router/manual.json");
  const { exitCode, out } = await home.run(["--yes", "--from", file, "--no-try"], {
    env: { GEMINI_API_KEY: "AIzacanary0123456789" },
  });
  expect(exitCode).toBe(0);
  expect(home.read("config.yaml")).toEndWith(`upstreams:
  openrouter: { key: "\${OPENROUTER_API_KEY}", http_proxy: http://127.0.0.1:7890 }
  deepseek: { url: https://api.deepseek.com, key: "\${DEEPSEEK_API_KEY}", http_proxy: http://127.0.0.1:7890 }
  ollama: {}
  gemini: { key: "\${GEMINI_API_KEY}", http_proxy: http://127.0.0.1:7890 }
routes:
  default: deepseek/deepseek-chat
cases:
  - { when: { tokens: 60000 }, to: openrouter/google/gemini-2.5-pro-preview }
  - { when: { tier: haiku }, to: ollama/qwen2.5-coder:latest }
  - { when: { kind: web_search }, to: gemini/gemini-2.5-flash }
  - { when: { thinking: true }, to: deepseek/deepseek-reasoner }
clients:
  client-1: { key: "\${CLIENT_1_KEY}" }
server:
  host: 0.0.0.0
`);
  expect(home.read(".env")).toBe(`${head}OPENROUTER_API_KEY=sk-or-canary-0123456789
DEEPSEEK_API_KEY=sk-canary-deepseek-0123456789
CLIENT_1_KEY=canary-client-0123456789
`);
  expect(out.replace(/\s+/g, " ")).toContain("the provider modelscope: the file has no key for it");
  expect(out).not.toContain("canary");
});

test.each([
  [
    "a key of another server stands in the .env",
    { OPENAI_API_KEY: "" },
    "OPENAI_API_KEY=sk-canary-0123456789\n",
  ],
  ["a key of another server stands in the environment", { OPENAI_API_KEY: "sk-canary-0123456789" }, null],
  ["the environment names another server", { BASE_URL: "https://other.example/v1" }, null],
])("%s: config.yaml is written, so that neither counts", async (_name, env, text) => {
  using home = createInitHome();
  await using upstream = await startModelServer();
  if (text !== null) home.write(".env", text);
  const flags = ["--yes", "--upstream", upstream.baseUrl, "--big-model", "vendor/big-1"];
  expect((await home.run(flags, { env })).exitCode).toBe(0);
  expect(home.read("config.yaml")).toEndWith(`upstreams:
  local: { url: ${upstream.baseUrl} }
routes:
  default: local/vendor/big-1
  haiku: local/vendor/big-1
`);
  expect(home.read(".env")).toBe(text);
  expect(upstream.requests.map(({ headers }) => headers["authorization"])).toEqual([undefined, undefined]);
});

test("a config.yaml with a fault is left as it is", async () => {
  using home = createInitHome();
  home.write("config.yaml", "upstreams: [\n");
  const { exitCode, err } = await home.run([
    "--yes",
    "--from",
    fixture("python-proxy/ollama.env"),
    "--no-try",
  ]);
  expect([exitCode, err]).toEqual([
    2,
    "config.yaml has faults, so it is not changed. They are told by: claude-proxy config check\n",
  ]);
  expect(home.read("config.yaml")).toBe("upstreams: [\n");
});

test("a request that fails writes nothing, and says why", async () => {
  using home = createInitHome();
  await using upstream = await startModelServer("refuses");
  const { exitCode, err } = await home.run([
    "--yes",
    "--upstream",
    upstream.baseUrl,
    "--big-model",
    "vendor/big-1",
  ]);
  expect(exitCode).toBe(1);
  expect(err).toContain("It did not work: ");
  expect(err).toContain("No such key.");
  expect(home.files()).toEqual([]);
});

test("a model that does not call the tool is told of, and so is one that is not listed", async () => {
  using home = createInitHome();
  await using upstream = await startModelServer("talks");
  const { exitCode, err } = await home.run([
    "--yes",
    "--upstream",
    upstream.baseUrl,
    "--big-model",
    "vendor/big-9",
  ]);
  expect(exitCode).toBe(0);
  const told = err.replace(/\s+/g, " ");
  expect(told).toContain("local does not list the model vendor/big-9.");
  expect(told).toContain("but without calling the tool.");
});

test.each([
  ["no terminal and no --yes", [], "flags have to say it all"],
  ["no upstream", ["--yes"], "--upstream and --big-model"],
  ["no model", ["--yes", "--upstream", "ollama"], "--big-model MODEL"],
  [
    "no key",
    ["--yes", "--upstream", "openrouter", "--big-model", "m"],
    "--key-env NAME, --key-file PATH or --key-stdin",
  ],
  [
    "an unknown upstream",
    ["--yes", "--upstream", "openruter", "--big-model", "m"],
    "there is no such upstream",
  ],
  ["a file of another kind", ["--yes", "--from", join(import.meta.dir, "run-init.ts")], "can be taken over"],
  [
    "a variable that is not set",
    ["--yes", "--from", fixture("claude-code-router/references.json")],
    "is not set",
  ],
  [
    "a file with nothing to take over",
    ["--yes", "--from", fixture("claude-settings/own-proxy.json")],
    "port 3456",
  ],
])("%s: it says what is missing, and writes nothing", async (_name, args, words) => {
  using home = createInitHome();
  const { exitCode, out, err } = await home.run(args);
  expect([exitCode, out]).toEqual([2, ""]);
  expect(err.replace(/\s+/g, " ")).toContain(words);
  expect(home.files()).toEqual([]);
});
